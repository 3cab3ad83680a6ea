"""The plan: what a town promises, read from the text of its plan."""
