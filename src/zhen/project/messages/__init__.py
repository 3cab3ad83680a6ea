"""`zhen messages`: the Chinese catalogues. Extracts, checks and compiles them without gettext's programs."""
