"""The pages of procurement."""

from zhen.packs.finance.procurement.screens import file, portal, registers, steps

PAGES = (*file.PAGES, *steps.PAGES, *registers.PAGES, *portal.PAGES)
