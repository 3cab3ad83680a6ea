"""What can happen to an objective, as sentences of the journal."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind

EVENTS = (
    EventKind(id="finance.objective_set", text=_("set the objective of {objective}")),
    EventKind(id="finance.measure_added", text=_("added the indicator {measure} to {objective}")),
    EventKind(id="finance.objective_approved", text=_("approved the objective of {objective}")),
    EventKind(id="finance.value_entered", text=_("entered {value} for {measure} of {objective}")),
    EventKind(id="finance.objective_monitored", text=_("looked at {objective} in its year")),
    EventKind(id="finance.objective_assessed", text=_("assessed {objective} with {score} points")),
    EventKind(id="finance.objective_reviewed", text=_("reviewed {objective}: {score} points, {grade}")),
    EventKind(id="finance.plea_made", text=_("gave the reason why {objective} is asked for again: {reason}")),
)
