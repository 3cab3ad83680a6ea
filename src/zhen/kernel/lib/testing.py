"""What tests of every floor share. Not part of what runs."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta

from zhen.kernel.lib import clock


class Hands:
    """The hands of the town's clock in a test's own grip: it stands until it is moved.

    with Hands(NOW) as hands:
        hands.go(days=2)
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._held = ExitStack()

    def __enter__(self) -> Hands:
        self._held.enter_context(clock.frozen(self._now))
        return self

    def __exit__(self, *_fault: object) -> None:
        self._held.close()

    @property
    def now(self) -> datetime:
        return self._now

    @now.setter
    def now(self, at: datetime) -> None:
        self._held.close()
        self._now = at
        self._held.enter_context(clock.frozen(at))

    def go(self, **by: float) -> None:
        self.now += timedelta(**by)
