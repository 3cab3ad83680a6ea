"""The pages of public money."""

from zhen.packs.finance.screens import bank, books, budgets, papers, payments, statements

PAGES = (*budgets.PAGES, *payments.PAGES, *papers.PAGES, *books.PAGES, *statements.PAGES, *bank.PAGES)
