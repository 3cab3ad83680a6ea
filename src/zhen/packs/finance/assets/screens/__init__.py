"""The pages of assets."""

from zhen.packs.finance.assets.screens import cards, checking, leases, matching, moving, wear

PAGES = (*cards.PAGES, *wear.PAGES, *moving.PAGES, *leases.PAGES, *checking.PAGES, *matching.PAGES)
