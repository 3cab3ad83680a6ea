"""The pages of internal control."""

from zhen.packs.finance.control.screens import auditing, matrix, overview, resolutions, risks

PAGES = (*overview.PAGES, *matrix.PAGES, *resolutions.PAGES, *risks.PAGES, *auditing.PAGES)
