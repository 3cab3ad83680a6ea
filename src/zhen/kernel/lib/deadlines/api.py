"""What other modules may use of deadlines."""

from zhen.kernel.lib.deadlines.changes import (
    AlreadyExtended,
    AlreadyPaused,
    ExtensionOutOfBounds,
    NotPaused,
    extend,
    pause,
    restart,
    resume,
)
from zhen.kernel.lib.deadlines.due import due_of, remaining
from zhen.kernel.lib.deadlines.steps import Step, moment_of
from zhen.kernel.lib.deadlines.storing import from_json, to_json
from zhen.kernel.lib.deadlines.values import MOST, Calendar, Clock, Due, Hours, Limit, Pauses, TimeUnit

__all__ = [
    "MOST",
    "AlreadyExtended",
    "AlreadyPaused",
    "Calendar",
    "Clock",
    "Due",
    "ExtensionOutOfBounds",
    "Hours",
    "Limit",
    "NotPaused",
    "Pauses",
    "Step",
    "TimeUnit",
    "due_of",
    "extend",
    "from_json",
    "moment_of",
    "pause",
    "remaining",
    "restart",
    "resume",
    "to_json",
]
