"""Procurement: from a need to the last payment, each step by somebody else."""
