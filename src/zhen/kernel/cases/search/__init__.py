"""Finding cases by their words."""
