"""The pages of procurement."""

from zhen.packs.finance.procurement.screens import file, portal, registers, steps, suppliers

PAGES = (*file.PAGES, *steps.PAGES, *registers.PAGES, *suppliers.PAGES, *portal.PAGES)
