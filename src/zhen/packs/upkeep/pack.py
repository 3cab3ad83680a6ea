"""What upkeep brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import lay_limits
from zhen.kernel.journal.api import EventKind
from zhen.kernel.packs.api import Pack
from zhen.packs.upkeep.case_types import FINDING, STRUCTURE
from zhen.packs.upkeep.checklists import CHECKLISTS
from zhen.packs.upkeep.demo import build
from zhen.packs.upkeep.flood.devices import FLOOD_ALARM, PROFILES
from zhen.packs.upkeep.flood.screens import PAGES as FLOOD_PAGES
from zhen.packs.upkeep.indicators import INDICATORS
from zhen.packs.upkeep.limits import LIMITS
from zhen.packs.upkeep.registers import PAGES as REGISTERS
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
    EventKind(id="upkeep.warning_declared", text=_("declared “{title}”, level {level}: {source}")),
    EventKind(id="upkeep.warning_changed", text=_("brought “{title}” to the level {level}: {source}")),
    EventKind(id="upkeep.warning_lifted", text=_("lifted “{title}”: {source}")),
    EventKind(id="upkeep.check_rule_entered", text=_("entered a check that warnings open from {from}: {source}")),
    EventKind(id="upkeep.check_rule_ended", text=_("ended a check that warnings open, on {until}")),
    EventKind(id="upkeep.duty_set", text=_("put somebody on duty for “{title}”")),
    EventKind(id="upkeep.supply_counted", text=_("brought the stock of {name} from {before} to {stock}: {reason}")),
    EventKind(id="upkeep.shelter_entered", text=_("entered the shelter {name} with {capacity} places")),
    EventKind(id="upkeep.shelter_told", text=_("told how many are in the shelter {name}: {people}")),
)


def prepare() -> None:
    lay_limits(Actor.system("zhen prepare"), LIMITS)


PACK = Pack(
    id="upkeep",
    name=_("Upkeep"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    case_types=(FINDING, STRUCTURE, FLOOD_ALARM),
    device_profiles=PROFILES,
    checklists=CHECKLISTS,
    subject_sources=SOURCES,
    pages=(*PAGES, *REGISTERS, *FLOOD_PAGES),
    indicators=INDICATORS,
    prepare=prepare,
    demo=build,
)
