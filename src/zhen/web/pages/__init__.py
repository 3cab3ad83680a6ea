"""Generic pages: what modules and packs declare, drawn."""
