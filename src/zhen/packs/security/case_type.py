"""A security alarm as a case: the unit in charge and the grid's people handle it together."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import CaseType, Need, Transition
from zhen.kernel.pages.api import Tone
from zhen.kernel.telemetry.api import alarm_table, check_cause, outcomes_of, settle
from zhen.packs.security import rights
from zhen.packs.security.effects import call_in_grid
from zhen.packs.security.profiles import ALARM, CAUSES

SECURITY_ALARM = CaseType(
    id=ALARM,
    name=_("security alarm"),
    prefix="AF",
    states=alarm_table.STATES,
    transitions=(
        alarm_table.acknowledging(rights.HANDLE),
        Transition(
            id="call_in",
            name=_("Call in the grid"),
            before=alarm_table.UNDER_WAY,
            after=None,
            permission=rights.CALL_IN,
            needs=frozenset({Need.REASON}),
            effect=call_in_grid,
            tone=Tone.DUE_SOON,
            why="联勤联动: the grid's units read along and help; the unit in charge stays the same.",
        ),
        alarm_table.checking(
            rights.CHECK,
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
        alarm_table.opening_again(rights.CLOSE),
    ),
    deadlines=alarm_table.DEADLINES,
    start=alarm_table.START,
    outcomes=outcomes_of(CAUSES),
    powers=alarm_table.powers(view=rights.VIEW, create=rights.CREATE, handle=rights.HANDLE, close=rights.CLOSE),
)
