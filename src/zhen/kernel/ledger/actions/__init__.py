"""Writing to the ledger."""
