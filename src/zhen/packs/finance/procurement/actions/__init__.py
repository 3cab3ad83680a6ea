"""What is done in procurement, each step by somebody else."""
