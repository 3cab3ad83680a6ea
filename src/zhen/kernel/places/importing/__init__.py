"""Places from files: read within bounds, look at what would happen, apply it whole or not at all."""
