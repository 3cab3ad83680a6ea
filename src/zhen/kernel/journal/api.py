"""What other modules may import of the journal."""

from zhen.kernel.journal.actions import OutsideTransaction, counting, record, subject_of
from zhen.kernel.journal.declarations import CONSUMERS, EVENT_KINDS, Consumer, EventKind

__all__ = [
    "CONSUMERS",
    "EVENT_KINDS",
    "Consumer",
    "EventKind",
    "OutsideTransaction",
    "counting",
    "record",
    "subject_of",
]
