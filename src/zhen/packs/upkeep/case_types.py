"""The two kinds of cases: a finding that is put right, and an unauthorised structure on its legal way to removal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import By, Case, CaseType, Deadline, Move, Need, Outcome, Powers, State, Transition
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Tone
from zhen.kernel.rounds.api import finding_table
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.models import Structure

FINDING = finding_table.case_type(
    "upkeep.finding",
    name=_("finding of a visit"),
    prefix="ZG",
    view=rights.VIEW,
    create=rights.CREATE,
    handle=rights.HANDLE,
    close=rights.CLOSE,
)
STRUCTURE_ID = "upkeep.structure"
UNDER_WAY = frozenset({"discovered", "stopped", "decided", "announced"})


def leave_stock(_actor: Actor, case: Case, _move: Move) -> None:
    """The one way out of the stock: the removal was shown, and somebody else has seen it."""
    Structure.objects.filter(case=case, removed_on__isnull=True).update(removed_on=clock.today())


def strike(_actor: Actor, case: Case, _move: Move) -> None:
    """It never was one: it counts in no stock, on no day."""
    Structure.objects.filter(case=case).update(void=True)


STRUCTURE = CaseType(
    id=STRUCTURE_ID,
    name=_("unauthorised structure"),
    prefix="WJ",
    states=(
        State(id="discovered", name=_("discovered"), tone=Tone.BEHIND),
        State(id="stopped", name=_("ordered to stop"), tone=Tone.BEHIND),
        State(id="decided", name=_("removal ordered"), tone=Tone.DUE_SOON),
        State(id="announced", name=_("forced removal announced"), tone=Tone.OVERDUE),
        State(id="removed", name=_("said to be removed, to be verified"), tone=Tone.DUE_SOON),
        State(id="closed", name=pgettext_lazy("state of a case", "closed"), end=True),
    ),
    transitions=(
        Transition(
            id="stop",
            name=_("Order to stop building"),
            before=frozenset({"discovered"}),
            after="stopped",
            permission=rights.HANDLE,
            needs=frozenset({Need.UNIT, Need.EVIDENCE}),
            stops=("stop",),
            starts=("decide",),
            stamps=("accepted_at",),
            why="《城乡规划法》第六十四条、第六十五条：责令停止建设",
        ),
        Transition(
            id="decide",
            name=_("Order its removal"),
            before=frozenset({"discovered", "stopped"}),
            after="decided",
            permission=rights.HANDLE,
            needs=frozenset({Need.UNIT, Need.REASON, Need.EVIDENCE}),
            stops=("stop", "decide"),
            starts=("remove",),
            stamps=("dispatched_at",),
            why="《城乡规划法》第六十四条、第六十五条：限期拆除；《行政强制法》第三十五条：事先催告",
        ),
        Transition(
            id="announce",
            name=_("Announce the forced removal"),
            before=frozenset({"decided"}),
            after="announced",
            permission=rights.HANDLE,
            needs=frozenset({Need.REASON, Need.EVIDENCE}),
            tone=Tone.OVERDUE,
            why="《行政强制法》第四十四条：公告，期满不复议、不诉讼又不拆除的，可以依法强制拆除",
        ),
        Transition(
            id="removed",
            name=_("It is removed"),
            before=UNDER_WAY,
            after="removed",
            permission=rights.HANDLE,
            needs=frozenset({Need.RESULT, Need.EVIDENCE}),
            stops=("stop", "decide", "remove"),
            starts=("verify",),
            stamps=("handled_at",),
            on_site=True,
            key="f",
        ),
        Transition(
            id="still_there",
            name=_("It still stands"),
            before=frozenset({"removed"}),
            after="decided",
            permission=rights.CHECK,
            by=By.OTHER,
            needs=frozenset({Need.REASON, Need.SHOWN}),
            stops=("verify",),
            starts=("remove",),
            counts=("reworked",),
            on_site=True,
            tone=Tone.BEHIND,
        ),
        Transition(
            id="verify",
            name=_("Seen: it is gone"),
            before=frozenset({"removed"}),
            after="closed",
            permission=rights.CHECK,
            by=By.OTHER,
            needs=frozenset({Need.SHOWN}),
            stops=("verify", "whole"),
            stamps=("verified_at",),
            ends_as="removed",
            effect=leave_stock,
            on_site=True,
            tone=Tone.ON_TRACK,
            key="x",
            why="The stock falls by what somebody else has seen there, and by nothing else.",
        ),
        Transition(
            id="void",
            name=_("It is none"),
            before=frozenset({"discovered", "stopped"}),
            after="closed",
            permission=rights.CLOSE,
            needs=frozenset({Need.REASON}),
            ends_as="none",
            effect=strike,
        ),
    ),
    # how long each takes are the town's rows: limits.py brings the first ones
    deadlines=(
        Deadline(id="stop", name=_("order to stop")),
        Deadline(id="decide", name=_("order the removal")),
        Deadline(id="remove", name=_("removal")),
        Deadline(id="verify", name=_("verify on the spot")),
        Deadline(id="whole", name=_("from discovery to removal"), whole=True),
    ),
    start=("stop", "whole"),
    outcomes=(
        Outcome(id="removed", name=_("removed, and seen"), solved=True),
        Outcome(id="none", name=_("no unauthorised structure"), solved=None),
    ),
    powers=Powers(
        view=rights.VIEW,
        create=rights.CREATE,
        edit=rights.HANDLE,
        assign=rights.HANDLE,
        comment=rights.VIEW,
        pause=rights.CLOSE,
        extend=rights.CLOSE,
        link=rights.HANDLE,
        reporter=rights.CLOSE,
    ),
)
