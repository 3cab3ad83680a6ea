"""The demo town: deterministic, built through actions, and said to be invented on its pages."""
