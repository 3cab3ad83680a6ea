"""A task: a measure of the plan, supervised from the day it is given to the day somebody else signs it off."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import By, CaseType, Deadline, Need, Outcome, Powers, State, Transition
from zhen.kernel.pages.api import Tone
from zhen.packs.supervision import rights
from zhen.packs.supervision.effects import carry_over

UNDER_WAY = frozenset({"acknowledged", "sent_back"})

TASK = CaseType(
    id="supervision.task",
    name=_("supervised task"),
    prefix="DB",
    states=(
        State(id="given", name=_("given"), tone=Tone.DUE_SOON),
        State(id="acknowledged", name=_("under way"), tone=Tone.ON_TRACK),
        State(id="handed_in", name=_("handed in")),
        State(id="sent_back", name=_("sent back"), tone=Tone.BEHIND),
        State(id="signed_off", name=_("signed off"), tone=Tone.ON_TRACK, end=True),
        State(id="withdrawn", name=_("withdrawn"), end=True),
    ),
    transitions=(
        Transition(
            id="acknowledge",
            name=_("Acknowledge"),
            before=frozenset({"given"}),
            after="acknowledged",
            permission=rights.REPORT,
            by=By.UNIT,
            stops=("acknowledge",),
            stamps=("accepted_at",),
            key="a",
        ),
        Transition(
            id="hand_in",
            name=_("Hand in"),
            before=UNDER_WAY,
            after="handed_in",
            permission=rights.REPORT,
            by=By.UNIT,
            needs=frozenset({Need.RESULT}),
            stamps=("handled_at",),
            starts=("sign_off",),
            key="h",
        ),
        Transition(
            id="send_back",
            name=_("Send back"),
            before=frozenset({"handed_in"}),
            after="sent_back",
            permission=rights.SIGN_OFF,
            by=By.OTHER,
            needs=frozenset({Need.REASON}),
            stops=("sign_off",),
            tone=Tone.BEHIND,
        ),
        Transition(
            id="sign_off",
            name=_("Sign off"),
            before=frozenset({"handed_in"}),
            after="signed_off",
            permission=rights.SIGN_OFF,
            by=By.OTHER,
            needs=frozenset({Need.OUTCOME}),
            stamps=("verified_at",),
            effect=carry_over,
            tone=Tone.ON_TRACK,
            why="销号: who did the work never signs it off himself.",
        ),
        Transition(
            id="withdraw",
            name=_("Withdraw"),
            before=frozenset({"given", "acknowledged", "sent_back"}),
            after="withdrawn",
            permission=rights.SET,
            needs=frozenset({Need.REASON, Need.OUTCOME}),
            tone=Tone.BEHIND,
        ),
    ),
    deadlines=(
        Deadline(id="acknowledge", name=_("acknowledge"), fallback=(3, "working_days")),
        Deadline(id="sign_off", name=_("sign off"), fallback=(10, "working_days")),
        Deadline(id="whole", name=_("the measure's due date"), fallback=(365, "calendar_days"), whole=True),
    ),
    start=("acknowledge", "whole"),
    outcomes=(
        Outcome(id="completed", name=_("completed"), solved=True),
        Outcome(id="partly", name=_("completed in part"), solved=False),
        Outcome(id="not_completed", name=_("not completed"), solved=False),
        Outcome(id="dropped", name=_("no longer needed"), solved=None),
    ),
    powers=Powers(
        view=rights.VIEW,
        create=rights.SET,
        edit=rights.SET,
        assign=rights.SET,
        comment=rights.VIEW,
        pause=rights.SET,
        extend=rights.SIGN_OFF,
        link=rights.SET,
        reporter=rights.SET,
    ),
    detail="supervision.task",
)
