"""What the device profiles and alarm cases of several packs have in common. Nothing here is registered by itself."""
