"""The pages of rounds, in the order of the menu."""

from zhen.kernel.rounds.screens import campaigns, checklists, draws, findings, visits

PAGES = (*campaigns.PAGES, *visits.PAGES, *findings.PAGES, *draws.PAGES, *checklists.PAGES)
PANELS = visits.PANELS

__all__ = ["PAGES", "PANELS"]
