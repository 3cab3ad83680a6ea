"""The pages of procurement."""

PAGES = ()
