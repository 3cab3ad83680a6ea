"""What the kernel module parties declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Duty, Permission, Reach, Role, RoleGrant
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib import clock
from zhen.kernel.lib.registry import Bundle
from zhen.kernel.parties.actions.keys import reencrypt
from zhen.kernel.parties.actions.retention import run_retention
from zhen.kernel.parties.screens.guarding import GUARDING_PAGES
from zhen.kernel.parties.screens.mine import MINE_PAGES
from zhen.kernel.parties.screens.organisations import ORGANISATION_PAGES
from zhen.kernel.parties.screens.people import PEOPLE_PAGES
from zhen.kernel.parties.search import SOURCES

PERMISSIONS = (
    Permission(id="parties.person.view", name=_("see persons and households, identifiers masked")),
    Permission(
        id="parties.person.view_sensitive",
        name=_("open identity numbers and contact points for a stated purpose"),
        sensitive=True,
    ),
    Permission(id="parties.person.edit", name=_("record and change persons and households")),
    Permission(id="parties.person.merge", name=_("merge two records of one person")),
    Permission(id="parties.person.erase", name=_("delete a person whose request was granted")),
    Permission(
        id="parties.person.disclose",
        name=_("show a person everything that is held about him"),
        sensitive=True,
    ),
    Permission(id="parties.account.link", name=_("tie user accounts to persons")),
    Permission(id="parties.organisation.view", name=_("see organisations")),
    Permission(id="parties.organisation.edit", name=_("record and change organisations")),
    Permission(id="parties.request.decide", name=_("record and decide requests about personal data")),
    Permission(id="parties.retention.view", name=_("see legal holds"), duty=None),
    Permission(id="parties.retention.hold", name=_("set and release legal holds")),
    Permission(id="parties.retention.run", name=_("run active deletion"), duty=Duty.SYSTEM, elevated=True),
    Permission(id="parties.keys.manage", name=_("change the keys that seal data"), duty=Duty.SECURITY, elevated=True),
)

SEE = frozenset({"parties.person.view", "parties.organisation.view"})
OPEN = SEE | {"parties.person.view_sensitive"}
KEEP = OPEN | {"parties.person.edit", "parties.organisation.edit"}
SERVE = KEEP | {"parties.person.disclose", "parties.request.decide", "parties.account.link"}

ROLES = (
    Role(
        id="parties.privacy_officer",
        name=_("personal data protection officer"),
        permissions=SEE
        | {
            "parties.person.disclose",
            "parties.person.merge",
            "parties.person.erase",
            "parties.request.decide",
            "parties.retention.view",
            "parties.retention.hold",
        },
        reach=Reach.TOWN,
    ),
)

GRANTS = (
    RoleGrant(id="parties.grid_worker", role="grid_worker", permissions=SEE),
    RoleGrant(id="parties.social_worker", role="social_worker", permissions=KEEP),
    RoleGrant(
        id="parties.neighbourhood_secretary",
        role="neighbourhood_secretary",
        permissions=KEEP | {"parties.person.merge"},
    ),
    RoleGrant(id="parties.counter_clerk", role="counter_clerk", permissions=SERVE),
    RoleGrant(
        id="parties.system_administrator",
        role="system_administrator",
        permissions=frozenset({"parties.retention.run"}),
    ),
    RoleGrant(
        id="parties.security_administrator",
        role="security_administrator",
        permissions=frozenset({"parties.keys.manage"}),
    ),
    RoleGrant(id="parties.auditor", role="auditor", permissions=frozenset({"parties.retention.view"})),
)

EVENTS = (
    EventKind(id="parties.person.added", text=_("recorded a person")),
    EventKind(id="parties.person.recorded_many", text=_("recorded {persons} persons in {households} households")),
    EventKind(id="parties.person.changed", text=_("changed a person’s record: {fields}")),
    EventKind(id="parties.person.ended", text=_("ended a person’s record: {ending}")),
    EventKind(id="parties.person.merged", text=_("merged the double {double} into this record")),
    EventKind(id="parties.household.added", text=_("recorded a household")),
    EventKind(id="parties.household.joined", text=_("added a person to the household")),
    EventKind(id="parties.household.left", text=_("ended a person’s membership in the household")),
    EventKind(id="parties.organisation.added", text=_("recorded an organisation")),
    EventKind(id="parties.organisation.changed", text=_("changed an organisation: {fields}")),
    EventKind(id="parties.account.linked", text=_("tied a user account to the person")),
    EventKind(id="parties.request.made", text=_("recorded a request about personal data ({kind}), due on {due_on}")),
    EventKind(id="parties.request.decided", text=_("decided a request about personal data: {outcome}")),
    EventKind(id="parties.hold.set", text=_("set a legal hold")),
    EventKind(id="parties.hold.released", text=_("released a legal hold")),
    EventKind(id="parties.retention.deleted", text=_("deleted {count} records whose time had run out")),
    EventKind(id="parties.retention.anonymised", text=_("made {count} records anonymous")),
    EventKind(id="parties.keys.rotated", text=_("made a new {use} key")),
    EventKind(id="parties.keys.reencrypted", text=_("sealed {count} records anew ({model})")),
    EventKind(id="parties.keys.retired", text=_("retired a {use} key")),
)


def _retain() -> None:
    run_retention(Actor.system("parties.retention"), clock.now())


def _reencrypt() -> None:
    reencrypt(Actor.system("parties.reencrypt"), clock.now())


JOBS = (
    Job(id="parties.retention", name=_("Delete what has run out"), run=_retain, every="10 2 * * *"),
    Job(id="parties.reencrypt", name=_("Seal with the current keys"), run=_reencrypt, every="30 2 * * *"),
)

PAGES = (*PEOPLE_PAGES, *ORGANISATION_PAGES, *MINE_PAGES, *GUARDING_PAGES)

BUNDLE = Bundle(owner="parties", items=(*PERMISSIONS, *ROLES, *GRANTS, *EVENTS, *JOBS, *PAGES, *SOURCES))
