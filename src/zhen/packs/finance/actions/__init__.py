"""Writing the papers of public money."""
