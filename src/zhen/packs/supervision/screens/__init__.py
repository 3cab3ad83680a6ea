"""The pages of supervision, in the order of the menu."""

from zhen.packs.supervision.screens import milestones, overview, reports, slips, tasks
from zhen.packs.supervision.screens.slips import HOME

PAGES = (*tasks.PAGES, *reports.PAGES, *slips.PAGES, *milestones.PAGES, *overview.PAGES)

__all__ = ["HOME", "PAGES"]
