"""What other modules may import of the journal."""

from zhen.kernel.journal.actions import (
    READ,
    By,
    NewEvent,
    OutsideTransaction,
    counting,
    read_of,
    record,
    record_many,
    subject_of,
)
from zhen.kernel.journal.consuming import Step, horizon, restart, step
from zhen.kernel.journal.declarations import CONSUMERS, EVENT_KINDS, Consumer, EventKind, TryAgain
from zhen.kernel.journal.guarding import guard
from zhen.kernel.journal.models import Event, Position, Seal
from zhen.kernel.journal.queries import Entry, actor_of, entry, events_about, reads_of, sentence, timeline
from zhen.kernel.journal.running import run_until
from zhen.kernel.journal.sealing import seal_all, seal_next, statement
from zhen.kernel.journal.verifying import NoProof, Report, check_proof, prove, verify

__all__ = [
    "CONSUMERS",
    "EVENT_KINDS",
    "READ",
    "By",
    "Consumer",
    "Entry",
    "Event",
    "EventKind",
    "NewEvent",
    "NoProof",
    "OutsideTransaction",
    "Position",
    "Report",
    "Seal",
    "Step",
    "TryAgain",
    "actor_of",
    "check_proof",
    "counting",
    "entry",
    "events_about",
    "guard",
    "horizon",
    "prove",
    "read_of",
    "reads_of",
    "record",
    "record_many",
    "restart",
    "run_until",
    "seal_all",
    "seal_next",
    "sentence",
    "statement",
    "step",
    "subject_of",
    "timeline",
    "verify",
]
