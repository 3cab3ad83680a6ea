"""The registry of devices: entering them, what they sign in with, reading them."""
