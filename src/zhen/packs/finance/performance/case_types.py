"""What a fair or poor grade opens: something is put right, and somebody else looks at it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.cases.api import By, CaseType, Deadline, Need, Outcome, Powers, State, Transition
from zhen.kernel.pages.api import Tone
from zhen.packs.finance.performance import rights

RECTIFY = "rectify"
RECTIFICATION = CaseType(
    id="finance.rectification",
    name=_("rectification after a review"),
    prefix="JX",
    states=(
        State(id="open", name=_("to be put right"), tone=Tone.BEHIND),
        State(id="reported", name=_("said to be right, to be looked at"), tone=Tone.DUE_SOON),
        State(id="closed", name=pgettext_lazy("state of a case", "closed"), end=True),
    ),
    transitions=(
        Transition(
            id="report",
            name=_("It is put right"),
            before=frozenset({"open"}),
            after="reported",
            permission=rights.SET,
            needs=frozenset({Need.RESULT}),
            stops=(RECTIFY,),
            stamps=("handled_at",),
            key="f",
        ),
        Transition(
            id="again",
            name=_("It is not right yet"),
            before=frozenset({"reported"}),
            after="open",
            permission=rights.REVIEW,
            by=By.OTHER,
            needs=frozenset({Need.REASON}),
            starts=(RECTIFY,),
            counts=("reworked",),
            tone=Tone.BEHIND,
        ),
        Transition(
            id="accept",
            name=_("Seen: it is right"),
            before=frozenset({"reported"}),
            after="closed",
            permission=rights.REVIEW,
            by=By.OTHER,
            stops=("whole",),
            stamps=("verified_at",),
            ends_as="rectified",
            tone=Tone.ON_TRACK,
            key="x",
        ),
    ),
    deadlines=(
        Deadline(id=RECTIFY, name=_("put right"), fallback=(20, "working_days")),
        Deadline(id="whole", name=_("from the review to the end"), fallback=(60, "working_days"), whole=True),
    ),
    start=(RECTIFY, "whole"),
    outcomes=(Outcome(id="rectified", name=_("put right, and seen"), solved=True),),
    powers=Powers(
        view=rights.VIEW,
        create=rights.REVIEW,
        edit=rights.SET,
        assign=rights.SET,
        comment=rights.VIEW,
        pause=rights.REVIEW,
        extend=rights.REVIEW,
        link=rights.REVIEW,
        reporter=rights.REVIEW,
    ),
)
