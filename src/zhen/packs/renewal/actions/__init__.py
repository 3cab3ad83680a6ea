"""Writing renewal."""
