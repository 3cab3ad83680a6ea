"""What other modules may import of oversight."""

from zhen.kernel.oversight.actions import restart
from zhen.kernel.oversight.history import HISTORY
from zhen.kernel.oversight.queries import Work, consumers, events, seals, work

__all__ = ["HISTORY", "Work", "consumers", "events", "restart", "seals", "work"]
