"""How readings lie in the database: written by COPY, summed up, and gone in time."""
