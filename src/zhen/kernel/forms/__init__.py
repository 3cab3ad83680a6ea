"""Forms that are declared as versioned JSON Schema: one validator, one renderer."""
