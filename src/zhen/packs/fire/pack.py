"""What fire safety brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind
from zhen.kernel.notify.api import MessageTemplate, ReminderSource
from zhen.kernel.packs.api import Pack
from zhen.packs.fire import queries
from zhen.packs.fire.case_types import FIRE_ALARM, FIRE_HAZARD
from zhen.packs.fire.demo import build
from zhen.packs.fire.indicators import INDICATORS
from zhen.packs.fire.profiles import PROFILES
from zhen.packs.fire.rights import GRANTS, PERMISSIONS, ROLES
from zhen.packs.fire.screens import PAGES

EVENTS = (
    EventKind(id="fire.file_opened", text=_("opened the fire file of {place}")),
    EventKind(id="fire.file_changed", text=_("changed the fire file of {place}")),
    EventKind(id="fire.equipment_added", text=_("entered {count} × {what} in {place}")),
    EventKind(id="fire.equipment_checked", text=_("checked {what} in {place}; to be checked again by {until}")),
    EventKind(id="fire.upkeep_planned", text=_("planned “{what}” in {place} for {due}")),
    EventKind(id="fire.upkeep_done", text=_("did “{what}” in {place}")),
    EventKind(id="fire.drill_recorded", text=_("recorded a drill in {place}: {what}, {people} people")),
    EventKind(id="fire.paper_added", text=_("added the plan “{what}” of {place}")),
)

DUE = MessageTemplate(
    id="fire.due",
    name=_("something of fire safety falls due"),
    subject=_("Due on {due}: {what}, {place}"),
    body=_("{what} in {place} is due on {due}."),
    fields=("what", "place", "due"),
)

PACK = Pack(
    id="fire",
    name=_("Fire safety"),
    permissions=PERMISSIONS,
    roles=ROLES,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    case_types=(FIRE_ALARM, FIRE_HAZARD),
    device_profiles=PROFILES,
    pages=PAGES,
    indicators=INDICATORS,
    demo=build,
    message_templates=(DUE,),
    reminder_sources=(
        ReminderSource(id="fire.due", name=_("What of fire safety falls due"), template=DUE.id, due=queries.due_dates),
    ),
)
