"""How the devices of the town stand: counted once a minute, read in a few rows."""
