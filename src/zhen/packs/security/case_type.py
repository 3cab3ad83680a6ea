"""A security alarm as a case: the unit in charge and the grid's people handle it together."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.cases.api import CaseType, Deadline, Need, Powers, State, Transition
from zhen.kernel.pages.api import Tone
from zhen.kernel.telemetry.api import check_cause, outcomes_of, settle, take_up
from zhen.packs.security import rights
from zhen.packs.security.effects import call_in_grid
from zhen.packs.security.profiles import ALARM, CAUSES

UNDER_WAY = frozenset({"new", "acknowledged"})

SECURITY_ALARM = CaseType(
    id=ALARM,
    name=_("security alarm"),
    prefix="AF",
    states=(
        State(id="new", name=pgettext_lazy("state of a case", "new"), tone=Tone.OVERDUE),
        State(id="acknowledged", name=_("acknowledged"), tone=Tone.BEHIND),
        State(id="checked", name=_("checked on the spot"), tone=Tone.DUE_SOON),
        State(id="closed", name=pgettext_lazy("state of a case", "closed"), end=True),
    ),
    transitions=(
        Transition(
            id="acknowledge",
            name=_("Acknowledge"),
            before=frozenset({"new"}),
            after="acknowledged",
            permission=rights.HANDLE,
            stops=("acknowledge",),
            starts=("check",),
            stamps=("accepted_at",),
            effect=take_up,
            key="a",
        ),
        Transition(
            id="call_in",
            name=_("Call in the grid"),
            before=UNDER_WAY,
            after=None,
            permission=rights.CALL_IN,
            needs=frozenset({Need.REASON}),
            effect=call_in_grid,
            tone=Tone.DUE_SOON,
            why="联勤联动: the grid's units read along and help; the unit in charge stays the same.",
        ),
        Transition(
            id="check",
            name=_("Checked on the spot"),
            before=UNDER_WAY,
            after="checked",
            permission=rights.CHECK,
            needs=frozenset({Need.RESULT, Need.SHOWN}),
            stops=("acknowledge", "check"),
            stamps=("handled_at",),
            effect=take_up,
            on_site=True,
            key="f",
            why="Whoever is nearest goes: the unit's own people, or the grid worker of the cell.",
        ),
        Transition(
            id="close",
            name=_("Close with a cause"),
            before=frozenset({"acknowledged", "checked"}),
            after="closed",
            permission=rights.CLOSE,
            needs=frozenset({Need.OUTCOME, Need.REASON}),
            stops=("check", "whole"),
            check=check_cause,
            effect=settle,
            tone=Tone.ON_TRACK,
            key="x",
        ),
        Transition(
            id="open_again",
            name=_("Open again"),
            before=frozenset({"closed"}),
            after="acknowledged",
            permission=rights.CLOSE,
            needs=frozenset({Need.REASON}),
            starts=("check", "whole"),
            clears=("outcome",),
            tone=Tone.OVERDUE,
        ),
    ),
    deadlines=(
        Deadline(id="acknowledge", name=_("acknowledge"), fallback=(1, "emergency_hours")),
        Deadline(id="check", name=_("check on the spot"), fallback=(2, "emergency_hours")),
        Deadline(id="whole", name=_("from alarm to end"), fallback=(24, "emergency_hours"), whole=True),
    ),
    start=("acknowledge", "whole"),
    outcomes=outcomes_of(CAUSES),
    powers=Powers(
        view=rights.VIEW,
        create=rights.CREATE,
        edit=rights.HANDLE,
        assign=rights.HANDLE,
        comment=rights.VIEW,
        pause=rights.HANDLE,
        extend=rights.CLOSE,
        link=rights.HANDLE,
        reporter=rights.HANDLE,
    ),
)
