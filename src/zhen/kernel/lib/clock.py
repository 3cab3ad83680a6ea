"""The one place that reads the clock.

An operation reads it once and passes the value on; rules take `now` as an argument.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

TOWN_ZONE = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("zhen_frozen_clock", default=None)


def now() -> datetime:
    """The current instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """The current day on the town's calendar."""
    return now().astimezone(TOWN_ZONE).date()


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at `at` (aware) for tests and for the deterministic demo."""
    if at.tzinfo is None:
        raise ValueError(f"frozen({at.isoformat()}): give an aware datetime, such as one with tzinfo=UTC")
    token = _frozen.set(at)
    try:
        yield
    finally:
        _frozen.reset(token)
