"""What the tables of cases that alarms open have in common: an alarm is taken up, looked at on the spot, and closed.

A pack puts its own steps between them, above all how its cases close.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.cases.api import Deadline, Need, Powers, State, Transition
from zhen.kernel.pages.api import Tone
from zhen.kernel.telemetry.alarms.casing import looked_at, take_up

UNDER_WAY = frozenset({"new", "acknowledged"})
STATES = (
    State(id="new", name=pgettext_lazy("state of a case", "new"), tone=Tone.OVERDUE),
    State(id="acknowledged", name=_("acknowledged"), tone=Tone.BEHIND),
    State(id="checked", name=_("checked on the spot"), tone=Tone.DUE_SOON),
    State(id="closed", name=pgettext_lazy("state of a case", "closed"), end=True),
)
DEADLINES = (
    Deadline(id="acknowledge", name=_("acknowledge"), fallback=(1, "emergency_hours")),
    Deadline(id="check", name=_("check on the spot"), fallback=(2, "emergency_hours")),
    Deadline(id="whole", name=_("from alarm to end"), fallback=(24, "emergency_hours"), whole=True),
)
START = ("acknowledge", "whole")


def acknowledging(permission: str) -> Transition:
    return Transition(
        id="acknowledge",
        name=_("Acknowledge"),
        before=frozenset({"new"}),
        after="acknowledged",
        permission=permission,
        stops=("acknowledge",),
        starts=("check",),
        stamps=("accepted_at",),
        effect=take_up,
        key="a",
    )


def checking(permission: str, *, why: str = "") -> Transition:
    return Transition(
        id="check",
        name=_("Checked on the spot"),
        before=UNDER_WAY,
        after="checked",
        permission=permission,
        needs=frozenset({Need.RESULT, Need.SHOWN}),
        stops=("acknowledge", "check"),
        stamps=("handled_at",),
        effect=looked_at,
        on_site=True,
        key="f",
        why=why,
    )


def opening_again(permission: str) -> Transition:
    return Transition(
        id="open_again",
        name=_("Open again"),
        before=frozenset({"closed"}),
        after="acknowledged",
        permission=permission,
        needs=frozenset({Need.REASON}),
        starts=("check", "whole"),
        clears=("outcome",),
        tone=Tone.OVERDUE,
    )


def powers(*, view: str, create: str, handle: str, close: str) -> Powers:
    """Who may what, from the four permissions of a pack."""
    return Powers(
        view=view,
        create=create,
        edit=handle,
        assign=handle,
        comment=view,
        pause=handle,
        extend=close,
        link=handle,
        reporter=handle,
    )
