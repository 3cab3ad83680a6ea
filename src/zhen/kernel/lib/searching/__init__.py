"""Search in Chinese and mixed text, without a dictionary of words in the database: see docs/adr/0050-search.md."""
