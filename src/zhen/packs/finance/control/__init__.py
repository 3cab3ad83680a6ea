"""Internal control of public money: who signs what, what one person never combines, and what is looked into."""
