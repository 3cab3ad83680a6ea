"""Work orders of systems elsewhere, such as the 12345 hotline: taken once, kept up to date, answered in their form."""
