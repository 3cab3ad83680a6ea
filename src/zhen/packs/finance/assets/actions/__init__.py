"""Writing the cards and papers of assets."""
