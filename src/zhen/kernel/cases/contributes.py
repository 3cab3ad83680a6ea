"""What the case engine declares itself: the right to rule, and what can happen to a case."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant
from zhen.kernel.cases.figures.booking import CONSUMER
from zhen.kernel.cases.figures.screens import PAGES as FIGURE_PAGES
from zhen.kernel.cases.figures.screens import PANEL as FIGURE_PANEL
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Bundle

PERMISSIONS = (
    Permission(id="cases.rules.view", name=_("read classes, time limits and routes")),
    Permission(id="cases.rules.change", name=_("change classes, time limits and routes")),
    Permission(id="cases.figures.view", name=_("read the figures of cases")),
)

GRANTS = (
    *(
        RoleGrant(id=f"cases.{role}", role=role, permissions=frozenset({"cases.rules.view"}))
        for role in ("town_leader", "plan_officer", "unit_head", "unit_clerk")
    ),
    RoleGrant(
        id="cases.dispatcher",
        role="dispatcher",
        permissions=frozenset({"cases.rules.view", "cases.rules.change"}),
    ),
    *(
        RoleGrant(id=f"cases.figures.{role}", role=role, permissions=frozenset({"cases.figures.view"}))
        for role in ("town_leader", "plan_officer", "dispatcher", "unit_head", "neighbourhood_secretary")
    ),
)

EVENTS = (
    EventKind(id="cases.received", text=_("received {number}")),
    EventKind(id="cases.moved", text=_("took the step “{step}” on {number}")),
    EventKind(id="cases.assigned", text=_("assigned {number}")),
    EventKind(id="cases.edited", text=_("edited {number}")),
    EventKind(id="cases.commented", text=_("commented on {number}")),
    EventKind(id="cases.linked", text=_("linked {number}")),
    EventKind(id="cases.divided", text=_("opened {part} as a part of {number}")),
    EventKind(id="cases.paused", text=_("held the clocks of {number} still: {reason}")),
    EventKind(id="cases.resumed", text=_("let the clocks of {number} go on")),
    EventKind(id="cases.breached", text=_("the deadline “{deadline}” of {number} ran out")),
    EventKind(id="cases.extended", text=_("extended the deadline “{deadline}” of {number}: {reason}")),
)

BUNDLE = Bundle(owner="cases", items=(*PERMISSIONS, *GRANTS, *EVENTS, CONSUMER, *FIGURE_PAGES, FIGURE_PANEL))
