"""Pages of the documentation that are written by the program, so that they are always true."""
