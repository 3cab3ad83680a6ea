"""Making files harmless: what they say about who made them, where and with what goes; what they show stays."""
