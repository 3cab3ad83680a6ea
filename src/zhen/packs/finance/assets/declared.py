"""What assets declare; the pack joins it to its own."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.jobs.api import Job
from zhen.kernel.packs.api import Pack
from zhen.packs.finance.assets import classes
from zhen.packs.finance.assets.actions.wear import run_last_month
from zhen.packs.finance.assets.checking import CHECK, FINDING, SOURCES
from zhen.packs.finance.assets.entries import TEMPLATES
from zhen.packs.finance.assets.events import EVENTS
from zhen.packs.finance.assets.indicators import INDICATORS
from zhen.packs.finance.assets.papers import PAPERS
from zhen.packs.finance.assets.rights import GRANTS, PERMISSIONS
from zhen.packs.finance.assets.screens import PAGES

PART = Pack(
    id="finance",
    name=_("Assets"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    jobs=(
        Job(
            id="finance.depreciate",
            name=_("book the depreciation of the month before"),
            run=run_last_month,
            every="30 3 1 * *",
        ),
    ),
    case_types=(FINDING,),
    checklists=(CHECK,),
    subject_sources=SOURCES,
    voucher_templates=TEMPLATES,
    papers=PAPERS,
    pages=PAGES,
    indicators=INDICATORS,
    prepare=classes.lay,
)
