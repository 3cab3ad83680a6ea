"""Open contracting data of others: read, compared, and what was not understood is said."""
