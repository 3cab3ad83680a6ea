"""The two kinds of cases: an alarm that somebody goes and looks at, and a hazard that somebody puts right."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import By, Case, CaseType, Deadline, Move, Need, Outcome, State, Transition
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Tone
from zhen.kernel.telemetry.api import CAUSES as NAMES
from zhen.kernel.telemetry.api import alarm_table, check_cause, outcomes_of, settle
from zhen.packs.fire import rights
from zhen.packs.fire.profiles.common import ALARM, CAUSES

HAZARD = "fire.hazard"
UNSEEN_CAUSES = frozenset({"test", "power"})
"""Causes that can be known without going there."""


def check_unseen(actor: Actor, case: Case, given: Move, now: datetime) -> None:
    """What nobody has looked at on the spot can only be a test that was announced, or a failure of power."""
    if given.outcome not in UNSEEN_CAUSES:
        raise Refused(
            field=_("outcome"),
            value=NAMES.get(given.outcome, given.outcome),
            reason=_("nobody has looked on the spot"),
            remedy=_("Have it checked there first, and say what was found"),
        )
    check_cause(actor, case, given, now)


POWERS = alarm_table.powers(view=rights.VIEW, create=rights.CREATE, handle=rights.HANDLE, close=rights.CLOSE)

FIRE_ALARM = CaseType(
    id=ALARM,
    name=_("fire alarm"),
    prefix="HJ",
    states=alarm_table.STATES,
    transitions=(
        alarm_table.acknowledging(rights.HANDLE),
        alarm_table.checking(rights.CHECK),
        Transition(
            id="close",
            name=_("Close with a cause"),
            before=frozenset({"checked"}),
            after="closed",
            permission=rights.CLOSE,
            needs=frozenset({Need.OUTCOME}),
            stops=("whole",),
            check=check_cause,
            effect=settle,
            tone=Tone.ON_TRACK,
            key="x",
        ),
        Transition(
            id="close_unseen",
            name=_("It was a test or the power"),
            before=alarm_table.UNDER_WAY,
            after="closed",
            permission=rights.CLOSE,
            needs=frozenset({Need.OUTCOME, Need.REASON}),
            stops=("acknowledge", "check", "whole"),
            check=check_unseen,
            effect=settle,
            why="A drill that was announced needs nobody to walk there; anything else does.",
        ),
        alarm_table.opening_again(rights.CLOSE),
    ),
    deadlines=alarm_table.DEADLINES,
    start=alarm_table.START,
    outcomes=outcomes_of(CAUSES),
    powers=POWERS,
)

FIRE_HAZARD = CaseType(
    id=HAZARD,
    name=_("fire hazard"),
    prefix="XF",
    form={
        "type": "object",
        "properties": {
            "kind": {
                "type": "string",
                "title": _("Kind of hazard"),
                "enum": [
                    "疏散通道堵塞",
                    "安全出口锁闭",
                    "消防设施损坏",
                    "电动自行车违规停放充电",
                    "用火用电不规范",
                    "易燃物堆放",
                    "其他",
                ],
            },
        },
    },
    states=(
        State(id="found", name=_("found"), tone=Tone.BEHIND),
        State(id="rectifying", name=_("being put right"), tone=Tone.DUE_SOON),
        State(id="rectified", name=_("put right, to be looked at")),
        State(id="closed", name=pgettext_lazy("state of a case", "closed"), end=True),
    ),
    transitions=(
        Transition(
            id="order",
            name=_("Order it to be put right"),
            before=frozenset({"found"}),
            after="rectifying",
            permission=rights.HANDLE,
            needs=frozenset({Need.UNIT}),
            stops=("order",),
            starts=("rectify",),
            stamps=("dispatched_at",),
            key="d",
        ),
        Transition(
            id="rectified",
            name=_("It is put right"),
            before=frozenset({"found", "rectifying"}),
            after="rectified",
            permission=rights.CHECK,
            needs=frozenset({Need.RESULT, Need.SHOWN}),
            stops=("order", "rectify"),
            starts=("review",),
            stamps=("handled_at",),
            on_site=True,
            key="f",
        ),
        Transition(
            id="not_right",
            name=_("It is not right"),
            before=frozenset({"rectified"}),
            after="rectifying",
            permission=rights.CLOSE,
            by=By.OTHER,
            needs=frozenset({Need.REASON}),
            stops=("review",),
            starts=("rectify",),
            counts=("reworked",),
            tone=Tone.BEHIND,
        ),
        Transition(
            id="close",
            name=pgettext_lazy("step of a case", "Close"),
            before=frozenset({"rectified"}),
            after="closed",
            permission=rights.CLOSE,
            by=By.OTHER,
            needs=frozenset({Need.OUTCOME}),
            stops=("review", "whole"),
            stamps=("verified_at",),
            tone=Tone.ON_TRACK,
            key="x",
            why="整改销号: whoever put it right does not say himself that it is right.",
        ),
        Transition(
            id="void",
            name=_("It is no hazard"),
            before=frozenset({"found"}),
            after="closed",
            permission=rights.CLOSE,
            needs=frozenset({Need.REASON, Need.OUTCOME}),
            stops=("order", "whole"),
        ),
    ),
    deadlines=(
        Deadline(id="order", name=_("order it to be put right"), fallback=(1, "working_days")),
        Deadline(id="rectify", name=_("put right"), fallback=(15, "working_days")),
        Deadline(id="review", name=_("look at it again"), fallback=(3, "working_days")),
        Deadline(id="whole", name=_("from finding to end"), fallback=(30, "working_days"), whole=True),
    ),
    start=("order", "whole"),
    outcomes=(
        Outcome(id="rectified", name=_("put right"), solved=True),
        Outcome(id="handed_over", name=_("handed over to the fire authority"), solved=None),
        Outcome(id="none", name=_("no hazard"), solved=None),
    ),
    powers=POWERS,
)
