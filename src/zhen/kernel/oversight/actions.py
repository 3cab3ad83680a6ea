"""What administrators do to the machine."""

from __future__ import annotations

from django.db.models import QuerySet

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.journal.api import Position
from zhen.kernel.oversight.rights import RESTART


@action(RESTART, silent=True)
def restart(actor: Actor, consumers: QuerySet[Position]) -> int:
    """Let those of the chosen consumers that have stopped go on. How many there were."""
    stopped = consumers.filter(state=Position.State.FAILED).values_list("consumer", flat=True)
    names = list(stopped.order_by("consumer"))
    for name in names:
        journal.restart(name, by=actor)
    return len(names)
