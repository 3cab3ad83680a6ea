"""`zhen check`: everything that can be found wrong without running the town. Each fault is one line."""
