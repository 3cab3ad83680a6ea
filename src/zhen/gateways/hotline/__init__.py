"""Work orders of systems elsewhere, such as the 12345 hotline, by JSON: sent in, asked after, answered."""
