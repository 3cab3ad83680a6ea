"""Writing to identity: one file for each noun."""
