"""What upkeep brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind
from zhen.kernel.packs.api import Pack
from zhen.packs.upkeep.case_types import FINDING, STRUCTURE
from zhen.packs.upkeep.checklists import CHECKLISTS
from zhen.packs.upkeep.demo import build
from zhen.packs.upkeep.indicators import INDICATORS
from zhen.packs.upkeep.rights import GRANTS, PERMISSIONS
from zhen.packs.upkeep.screens import PAGES
from zhen.packs.upkeep.sources import SOURCES

EVENTS = (
    EventKind(id="upkeep.premises_added", text=_("entered {name} into the register")),
    EventKind(id="upkeep.premises_changed", text=_("changed what is said of {name}")),
    EventKind(id="upkeep.premises_closed", text=_("closed {name} in the register")),
    EventKind(
        id="upkeep.structure_discovered",
        text=_("discovered an unauthorised structure: {what}, {area_m2} m² ({number})"),
    ),
)

PACK = Pack(
    id="upkeep",
    name=_("Upkeep"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    case_types=(FINDING, STRUCTURE),
    checklists=CHECKLISTS,
    subject_sources=SOURCES,
    pages=PAGES,
    indicators=INDICATORS,
    demo=build,
)
