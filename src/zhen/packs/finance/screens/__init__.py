"""The pages of public money."""

from zhen.packs.finance.screens import books, budgets, payments

PAGES = (*budgets.PAGES, *payments.PAGES, *books.PAGES)
