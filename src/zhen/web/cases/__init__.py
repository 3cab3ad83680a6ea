"""The desk for cases: the inbox with its map, a case, what is done to one or to many."""
