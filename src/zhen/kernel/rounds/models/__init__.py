"""The rows of rounds."""

from zhen.kernel.rounds.models.campaigns import Campaign, Draw, Inspector, Round, Subject
from zhen.kernel.rounds.models.checklists import ChecklistVersion
from zhen.kernel.rounds.models.counts import Count
from zhen.kernel.rounds.models.tallies import Tally
from zhen.kernel.rounds.models.visits import Finding, Visit, VisitFile

__all__ = [
    "Campaign",
    "ChecklistVersion",
    "Count",
    "Draw",
    "Finding",
    "Inspector",
    "Round",
    "Subject",
    "Tally",
    "Visit",
    "VisitFile",
]
