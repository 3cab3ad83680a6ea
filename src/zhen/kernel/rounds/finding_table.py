"""The cases that findings open (整改): put right by a unit, looked at again on a visit, until it is right.

A pack declares its kind with `case_type`. Only the visit says that it is right: nobody signs off from his desk what
nobody has seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import (
    By,
    Case,
    CaseType,
    Deadline,
    Move,
    Need,
    Outcome,
    Powers,
    State,
    Transition,
    Visibility,
)
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Tone
from zhen.kernel.rounds.models import Finding, Visit

Text = str | Promise
OPEN = frozenset({"found", "rectifying", "reported"})
RECTIFY, REVIEW_DAYS = "rectify", 3


def bring_forward(_actor: Actor, case: Case, _move: Move) -> None:
    """It is said to be right: the re-check is due within days, not at the end of the limit."""
    today = clock.today()
    finding = Finding.objects.filter(case=case, over_at__isnull=True).first()
    if finding is not None and finding.recheck_id is not None:
        waiting = Visit.objects.filter(pk=finding.recheck_id, state=Visit.State.PLANNED, planned_on__gt=today)
        waiting.update(planned_on=today, due_on=today + timedelta(days=REVIEW_DAYS))


def give_up(_actor: Actor, case: Case, _move: Move) -> None:
    """It was none, or somebody else goes on with it: nobody has to look again. A re-check of nothing is called off."""
    finding = Finding.objects.select_for_update().filter(case=case, over_at__isnull=True).first()
    if finding is None:
        return
    finding.over_at = clock.now()
    finding.save(update_fields=["over_at"])
    if (
        finding.recheck_id is not None
        and not Finding.objects.filter(recheck=finding.recheck_id, over_at__isnull=True).exists()
    ):
        waiting = Visit.objects.filter(pk=finding.recheck_id, state=Visit.State.PLANNED)
        waiting.update(state=Visit.State.CALLED_OFF)


STATES = (
    State(id="found", name=_("found"), tone=Tone.BEHIND),
    State(id="rectifying", name=_("being put right"), tone=Tone.DUE_SOON),
    State(id="reported", name=_("said to be right, to be looked at"), tone=Tone.DUE_SOON),
    State(id="closed", name=pgettext_lazy("state of a case", "closed"), end=True),
)
DEADLINES = (
    Deadline(id=RECTIFY, name=_("put right"), fallback=(15, "working_days")),
    Deadline(id="whole", name=_("from finding to end"), fallback=(60, "working_days"), whole=True),
)
OUTCOMES = (
    Outcome(id="rectified", name=_("put right, and seen"), solved=True),
    Outcome(id="handed_over", name=_("handed over to the authority"), solved=None),
    Outcome(id="none", name=_("no finding"), solved=None),
)


def _transitions(handle: str, close: str) -> tuple[Transition, ...]:
    return (
        Transition(
            id="order",
            name=_("Order it to be put right"),
            before=frozenset({"found"}),
            after="rectifying",
            permission=handle,
            needs=frozenset({Need.UNIT}),
            stamps=("dispatched_at",),
            key="d",
        ),
        Transition(
            id="said_right",
            name=_("It is put right"),
            before=frozenset({"found", "rectifying"}),
            after="reported",
            permission=handle,
            needs=frozenset({Need.RESULT, Need.SHOWN}),
            stops=(RECTIFY,),
            stamps=("handled_at",),
            effect=bring_forward,
            on_site=True,
            key="f",
        ),
        Transition(
            id="still_wrong",
            name=_("Seen: it is not right"),
            before=OPEN,
            after="rectifying",
            permission=close,
            by=By.SYSTEM,
            starts=(RECTIFY,),
            counts=("reworked",),
            tone=Tone.BEHIND,
            why="The re-check says so.",
        ),
        Transition(
            id="right",
            name=_("Seen: it is right"),
            before=OPEN,
            after="closed",
            permission=close,
            by=By.SYSTEM,
            stops=(RECTIFY, "whole"),
            stamps=("verified_at",),
            ends_as="rectified",
            tone=Tone.ON_TRACK,
            why="The re-check says so: whoever put it right does not say himself that it is right.",
        ),
        Transition(
            id="hand_over",
            name=_("Hand over to the authority"),
            before=OPEN,
            after="closed",
            permission=close,
            needs=frozenset({Need.REASON}),
            ends_as="handed_over",
            effect=give_up,
        ),
        Transition(
            id="none",
            name=_("It is no finding"),
            before=frozenset({"found"}),
            after="closed",
            permission=close,
            needs=frozenset({Need.REASON}),
            ends_as="none",
            effect=give_up,
        ),
    )


def case_type(
    id: str,
    *,
    name: Text,
    prefix: str,
    view: str,
    create: str,
    handle: str,
    close: str,
    form: Mapping[str, Any] | None = None,
    scheme: str = "",
    visibility: Visibility = Visibility.INTERNAL,
) -> CaseType:
    """A kind of case for findings, from the four permissions of a pack."""
    return CaseType(
        id=id,
        name=name,
        prefix=prefix,
        states=STATES,
        transitions=_transitions(handle, close),
        deadlines=DEADLINES,
        start=(RECTIFY, "whole"),
        outcomes=OUTCOMES,
        form=form or {},
        scheme=scheme,
        visibility=visibility,
        powers=Powers(
            view=view,
            create=create,
            edit=handle,
            assign=handle,
            comment=view,
            pause=close,
            extend=close,
            link=handle,
            reporter=close,
        ),
    )
