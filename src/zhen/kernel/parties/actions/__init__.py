"""Everything that writes parties."""
