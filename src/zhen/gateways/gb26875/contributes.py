"""What the gateway declares: permissions and who gets them, events, profiles, orders' states, pages, jobs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.gateways.gb26875.jobs import tidy_up
from zhen.gateways.gb26875.profiles import PROFILES
from zhen.gateways.gb26875.rules import MACHINE
from zhen.gateways.gb26875.screens import PAGES
from zhen.kernel.access.api import Permission, RoleGrant
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Bundle

PERMISSIONS = (
    Permission(id="gb26875.view", name=_("see transmission devices and their orders")),
    Permission(id="gb26875.manage", name=_("register transmission devices and place what is behind them")),
    Permission(id="gb26875.order", name=_("check who is on duty, and give orders to transmission devices")),
    Permission(id="gb26875.kept", name=_("look through what transmission devices sent and nobody understood")),
)

SEE = frozenset({"gb26875.view"})
RUN = SEE | {"gb26875.manage", "gb26875.order"}
GRANTS = (
    RoleGrant(id="gb26875.dispatcher", role="dispatcher", permissions=RUN | {"gb26875.kept"}),
    RoleGrant(id="gb26875.unit_head", role="unit_head", permissions=RUN),
    *(
        RoleGrant(id=f"gb26875.{role}", role=role, permissions=SEE)
        for role in ("town_leader", "unit_clerk", "neighbourhood_secretary", "grid_worker")
    ),
)

EVENTS = (
    EventKind(id="gb26875.terminal_registered", text=_("registered the transmission device {code} at {source}")),
    EventKind(id="gb26875.terminal_edited", text=_("changed the transmission device {code}, now at {source}")),
    EventKind(id="gb26875.ordered", text=_("ordered of {code}: {order}")),
    EventKind(id="gb26875.order_cancelled", text=_("took back the order to {code}: {order}")),
    EventKind(id="gb26875.order_went", text=_("{order} of {code}: {state}")),
    EventKind(id="gb26875.part_found", text=_("heard of {name} ({code}) for the first time")),
    EventKind(id="gb26875.part_placed", text=_("said where {code} is")),
    EventKind(id="gb26875.kept_settled", text=_("looked at {count} kept frames")),
    EventKind(id="gb26875.profile_assigned", text=_("gave parts of type {component_type} the profile {profile}")),
)

JOBS = (Job(id="gb26875.tidy", name=_("Let kept frames go"), run=tidy_up, every="40 3 * * *"),)

BUNDLE = Bundle(owner="gb26875", items=(*PERMISSIONS, *GRANTS, *EVENTS, *PROFILES, MACHINE, *PAGES, *JOBS))
