"""The pages of public money."""

from zhen.packs.finance.screens import bank, books, budgets, changes, overview, papers, payments, publishing, statements

PAGES = tuple(
    page
    for part in (overview, publishing, budgets, changes, payments, papers, books, statements, bank)
    for page in part.PAGES
)
