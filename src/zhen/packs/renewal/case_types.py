"""Objections to a project, and defects that visits find."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.cases.api import By, CaseType, Deadline, Need, Outcome, Powers, State, Transition
from zhen.kernel.pages.api import Tone
from zhen.kernel.rounds.api import finding_table
from zhen.packs.renewal import rights

DEFECT = finding_table.case_type(
    "renewal.defect",
    name=_("defect of works"),
    prefix="QX",
    view=rights.CASE_VIEW,
    create=rights.CASE_CREATE,
    handle=rights.CASE_HANDLE,
    close=rights.CASE_CLOSE,
)
OBJECTION_ID = "renewal.objection"
OBJECTION = CaseType(
    id=OBJECTION_ID,
    name=_("objection to a renewal project"),
    prefix="YY",
    states=(
        State(id="received", name=_("received"), public=_("received"), tone=Tone.BEHIND),
        State(id="examined", name=_("being examined"), public=_("being examined"), tone=Tone.DUE_SOON),
        State(id="closed", name=pgettext_lazy("state of a case", "closed"), public=_("answered"), end=True),
    ),
    transitions=(
        Transition(
            id="examine",
            name=_("Examine it"),
            before=frozenset({"received"}),
            after="examined",
            permission=rights.CASE_HANDLE,
            needs=frozenset({Need.UNIT}),
            stops=("accept",),
            starts=("answer",),
            stamps=("accepted_at",),
            key="d",
        ),
        Transition(
            id="upheld",
            name=_("It is right: the plan is changed"),
            before=frozenset({"received", "examined"}),
            after="closed",
            permission=rights.CASE_CLOSE,
            needs=frozenset({Need.RESULT}),
            stops=("accept", "answer", "whole"),
            stamps=("handled_at",),
            ends_as="upheld",
            tone=Tone.ON_TRACK,
        ),
        Transition(
            id="answered",
            name=_("It is answered, with reasons"),
            before=frozenset({"received", "examined"}),
            after="closed",
            permission=rights.CASE_CLOSE,
            needs=frozenset({Need.RESULT}),
            stops=("accept", "answer", "whole"),
            stamps=("handled_at",),
            ends_as="answered",
        ),
        Transition(
            id="withdrawn",
            name=_("It was taken back"),
            before=frozenset({"received", "examined"}),
            after="closed",
            permission=rights.CASE_CLOSE,
            by=By.ANY,
            needs=frozenset({Need.REASON}),
            stops=("accept", "answer", "whole"),
            ends_as="withdrawn",
        ),
    ),
    deadlines=(
        Deadline(id="accept", name=_("take it up"), fallback=(1, "working_days")),
        Deadline(id="answer", name=_("answer it"), fallback=(7, "working_days")),
        Deadline(id="whole", name=_("from objection to answer"), fallback=(10, "working_days"), whole=True),
    ),
    start=("accept", "whole"),
    outcomes=(
        Outcome(id="upheld", name=_("upheld, the plan changed"), solved=True),
        Outcome(id="answered", name=_("answered, the plan stays"), solved=True),
        Outcome(id="withdrawn", name=_("taken back"), solved=None),
    ),
    powers=Powers(
        view=rights.CASE_VIEW,
        create=rights.CASE_CREATE,
        edit=rights.CASE_HANDLE,
        assign=rights.CASE_HANDLE,
        comment=rights.CASE_VIEW,
        pause=rights.CASE_CLOSE,
        extend=rights.CASE_CLOSE,
        link=rights.CASE_HANDLE,
        reporter=rights.CASE_CLOSE,
    ),
    public_intake=True,
)
