"""The hand-made pages of the plan: the page is the product there."""
