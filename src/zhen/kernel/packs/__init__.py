"""What a pack is, and how packs and kernel modules are loaded."""
