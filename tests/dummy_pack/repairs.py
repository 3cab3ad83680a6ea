"""A kind of case: a bench is to be mended."""

from django.utils.translation import gettext_lazy as _

from tests.dummy_pack import actions
from zhen.kernel.cases.api import By, CaseType, Deadline, Need, Outcome, Powers, State, Transition, Visibility
from zhen.kernel.pages.api import Tone

REPAIR = CaseType(
    id="dummy_pack.repair",
    name=_("bench repair"),
    prefix="BR",
    scheme="dummy_pack",
    visibility=Visibility.PUBLIC,
    states=(
        State(id="received", name=_("received"), public=_("We have it")),
        State(id="handling", name=_("being mended"), public=_("We are on it"), tone=Tone.ON_TRACK),
        State(id="deferred", name=_("deferred"), public=_("It has to wait"), waiting=True),
        State(id="checking", name=_("being checked"), public=_("We look whether it is right")),
        State(id="closed", name=_("closed"), public=_("Done"), end=True),
    ),
    transitions=(
        Transition(
            id="dispatch",
            name=_("Dispatch"),
            before=frozenset({"received"}),
            after="handling",
            permission=actions.CHANGE,
            needs=frozenset({Need.UNIT}),
            stops=("accept",),
            starts=("handle",),
            stamps=("dispatched_at",),
        ),
        Transition(
            id="defer",
            name=_("Defer"),
            before=frozenset({"handling"}),
            after="deferred",
            permission=actions.CHANGE,
            needs=frozenset({Need.REASON}),
        ),
        Transition(
            id="go_on",
            name=_("Go on"),
            before=frozenset({"deferred"}),
            after="handling",
            permission=actions.CHANGE,
        ),
        Transition(
            id="mended",
            name=_("Mended"),
            before=frozenset({"handling"}),
            after="checking",
            permission=actions.CHANGE,
            by=By.UNIT,
            needs=frozenset({Need.RESULT}),
            stops=("handle",),
            stamps=("handled_at",),
        ),
        Transition(
            id="close",
            name=_("Close"),
            before=frozenset({"checking"}),
            after="closed",
            permission=actions.CHANGE,
            by=By.OTHER,
            needs=frozenset({Need.OUTCOME}),
            stamps=("verified_at",),
        ),
        Transition(
            id="void",
            name=_("Void"),
            before=frozenset({"received"}),
            after="closed",
            permission=actions.CHANGE,
            needs=frozenset({Need.REASON, Need.OUTCOME}),
        ),
        Transition(
            id="not_whole",
            name=_("Not whole"),
            before=frozenset({"closed"}),
            after="handling",
            permission=actions.VIEW,
            by=By.REPORTER,
            needs=frozenset({Need.REASON}),
            starts=("handle", "whole"),
            clears=("outcome", "person"),
            why="Who reported a bench sees first that it still wobbles.",
        ),
    ),
    deadlines=(
        Deadline(id="accept", name=_("dispatch"), fallback=(4, "working_hours")),
        Deadline(id="handle", name=_("mend"), fallback=(3, "working_days")),
        Deadline(id="whole", name=_("from report to end"), fallback=(20, "working_days"), whole=True),
    ),
    start=("accept", "whole"),
    outcomes=(
        Outcome(id="solved", name=_("solved"), solved=True),
        Outcome(id="explained", name=_("explained"), solved=False),
        Outcome(id="void", name=_("void"), solved=None),
    ),
    powers=Powers(
        view=actions.VIEW,
        create=actions.CHANGE,
        edit=actions.CHANGE,
        assign=actions.CHANGE,
        comment=actions.CHANGE,
        pause=actions.CHANGE,
        extend=actions.CHANGE,
        link=actions.CHANGE,
        reporter=actions.CHANGE,
    ),
)
