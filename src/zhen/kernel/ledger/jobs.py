"""What the worker does for the ledger."""

from __future__ import annotations

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger.actions.quotas import expire

SYSTEM = Actor.system("ledger")


def let_expire() -> None:
    while expire(SYSTEM, most=1000) == 1000:
        pass
