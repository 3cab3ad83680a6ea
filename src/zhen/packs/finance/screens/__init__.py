"""The pages of public money."""

from zhen.packs.finance.screens import bank, books, budgets, overview, papers, payments, publishing, statements

PAGES = tuple(
    page for part in (overview, publishing, budgets, payments, papers, books, statements, bank) for page in part.PAGES
)
