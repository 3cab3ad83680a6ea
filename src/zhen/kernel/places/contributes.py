"""What the kernel module places declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, Reach, Role
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Bundle
from zhen.kernel.places.screens import AREA_LIST, BUILDING_LIST, PLACE
from zhen.kernel.places.search import SEARCH

PERMISSIONS = (
    Permission(id="places.view", name=_("See places")),
    Permission(id="places.edit", name=_("Change places and the area tree")),
    Permission(id="places.import", name=_("Import places")),
)

ROLES = (
    Role(
        id="places.keeper",
        name=_("Keeper of places"),
        permissions=frozenset(permission.id for permission in PERMISSIONS),
        reach=Reach.TOWN,
    ),
)

EVENT_KINDS = (
    EventKind(id="places.created", text=_("created {name} ({code}), from {on}")),
    EventKind(id="places.created_many", text=_("created {count} places")),
    EventKind(id="places.imported", text=_("imported {count} places from {file}")),
    EventKind(id="places.renamed", text=_("renamed {old} to {new} from {on}")),
    EventKind(id="places.amended", text=_("amended {code} from {on}")),
    EventKind(id="places.moved", text=_("moved {code} to another area from {on}")),
    EventKind(id="places.split", text=_("split {code} from {on}")),
    EventKind(id="places.merged", text=_("merged areas into {name} from {on}")),
    EventKind(id="places.closed", text=_("closed {name} from {on}")),
)

BUNDLE = Bundle(owner="places", items=(*PERMISSIONS, *ROLES, *EVENT_KINDS, AREA_LIST, BUILDING_LIST, PLACE, SEARCH))
