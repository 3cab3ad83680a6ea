"""Reports that may be about the same thing: suggesting, following, merging."""
