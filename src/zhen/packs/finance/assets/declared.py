"""What assets declare; the pack joins it to its own."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.jobs.api import Job
from zhen.packs.finance.assets.actions.wear import run_last_month
from zhen.packs.finance.assets.checking import CHECK, FINDING, SOURCES
from zhen.packs.finance.assets.entries import TEMPLATES
from zhen.packs.finance.assets.events import EVENTS
from zhen.packs.finance.assets.indicators import INDICATORS
from zhen.packs.finance.assets.papers import PAPERS
from zhen.packs.finance.assets.rights import GRANTS, PERMISSIONS
from zhen.packs.finance.assets.screens import PAGES

CASE_TYPES = (FINDING,)
CHECKLISTS = (CHECK,)
JOBS = (
    Job(
        id="finance.depreciate",
        name=_("book the depreciation of the month before"),
        run=run_last_month,
        every="30 3 1 * *",
    ),
)

__all__ = [
    "CASE_TYPES",
    "CHECKLISTS",
    "EVENTS",
    "GRANTS",
    "INDICATORS",
    "JOBS",
    "PAGES",
    "PAPERS",
    "PERMISSIONS",
    "SOURCES",
    "TEMPLATES",
]
