"""The pages of fire safety, in the order of the menu."""

from zhen.packs.fire.screens import coverage, files, keeping, months

PAGES = (*files.PAGES, *keeping.PAGES, *coverage.PAGES, *months.PAGES)

__all__ = ["PAGES"]
