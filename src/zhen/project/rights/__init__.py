"""Who may open which address: derived from the declared pages, and from one table for those made by hand."""
