"""What performance declares; the pack joins it to its own."""

from zhen.packs.finance.performance.case_types import RECTIFICATION
from zhen.packs.finance.performance.events import EVENTS
from zhen.packs.finance.performance.rights import GRANTS, PERMISSIONS
from zhen.packs.finance.performance.screens import PAGES

CASE_TYPES = (RECTIFICATION,)

__all__ = ["CASE_TYPES", "EVENTS", "GRANTS", "PAGES", "PERMISSIONS"]
