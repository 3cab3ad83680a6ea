"""What a limit, a calendar and a running clock are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from zoneinfo import ZoneInfo

from zhen.kernel.lib.calendar import Counting, Workdays
from zhen.kernel.lib.clock import TOWN_ZONE

MOST = 10_000  # hours or days in one limit: what is longer is a slip of the finger
LAST_SECOND = time(23, 59, 59)  # 24:00, told so that every reader still sees the same day

Pauses = tuple[tuple[datetime, datetime | None], ...]


class TimeUnit(StrEnum):
    EMERGENCY_HOURS = "emergency_hours"
    WORKING_HOURS = "working_hours"
    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"

    @property
    def in_days(self) -> bool:
        return self in (TimeUnit.WORKING_DAYS, TimeUnit.CALENDAR_DAYS)


@dataclass(frozen=True)
class Limit:
    """How long something may take.

    `moves`: a last day off gives way to the first worked day after it (Civil Code, article 203). Only
    calendar days can end on one.
    """

    amount: int
    unit: TimeUnit
    moves: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.amount <= MOST:
            raise ValueError(f"a limit of {self.amount}: give 1 to {MOST}")
        if self.moves and self.unit is not TimeUnit.CALENDAR_DAYS:
            raise ValueError(f"a limit in {self.unit} cannot move: only calendar days end on a day off")


@dataclass(frozen=True)
class Hours:
    """When a worked day is worked: its periods, in their order."""

    periods: tuple[tuple[time, time], ...] = ((time(9), time(12)), (time(13, 30), time(17, 30)))

    def __post_init__(self) -> None:
        if not self.periods:
            raise ValueError("a working day without hours: give at least one period")
        moments = [moment for period in self.periods for moment in period]
        if any(later <= earlier for earlier, later in pairwise(moments)):
            raise ValueError(f"{self}: each period must end after it starts, and before the next one")

    def __str__(self) -> str:
        return ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in self.periods)

    @property
    def opening(self) -> time:
        return self.periods[0][0]

    @property
    def closing(self) -> time:
        return self.periods[-1][1]

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """The periods in microseconds of the day."""
        return tuple((microseconds(start), microseconds(end)) for start, end in self.periods)

    @cached_property
    def length(self) -> int:
        """One working day in microseconds."""
        return sum(end - start for start, end in self.spans)


@dataclass(frozen=True)
class Calendar:
    """What a deadline is counted on: the worked days, their hours, and the zone in which both are meant."""

    workdays: Workdays
    hours: Hours = field(default_factory=Hours)
    zone: ZoneInfo = TOWN_ZONE

    @cached_property
    def counting(self) -> Counting:
        return self.workdays.counting

    def at(self, day: int, moment: time) -> datetime:
        return datetime.combine(date.fromordinal(day), moment, self.zone)

    def opening(self, day: int) -> datetime:
        """When a day begins: with business, where there is some on it."""
        return self.at(day, self.hours.opening if self.counting.is_worked(day) else time.min)

    def closing(self, day: int) -> datetime:
        """When a day ends: with business, where there is some on it (Civil Code, article 203)."""
        return self.at(day, self.hours.closing if self.counting.is_worked(day) else LAST_SECOND)


@dataclass(frozen=True)
class Due:
    """When something is due (in UTC); `provisional` where days were counted that nobody has published yet."""

    at: datetime
    provisional: bool


@dataclass(frozen=True)
class Clock:
    """A limit that runs: since when, by how much it was extended, and when it stood still.

    `extension` is in the limit's own unit. `pauses` are in order; only the last may still be open.
    """

    started_at: datetime
    limit: Limit
    extension: int = 0
    pauses: Pauses = ()

    def __post_init__(self) -> None:
        if not 0 <= self.extension <= MOST:
            raise ValueError(f"an extension by {self.extension}: give 0 to {MOST}")
        before: datetime | None = self.started_at if self.started_at.tzinfo else None
        last = len(self.pauses) - 1
        for number, (paused, resumed) in enumerate(self.pauses):
            if resumed is None and number < last:
                raise ValueError(f"the pause of {paused.isoformat()} never ended, and another follows it")
            if (number and before and paused < before) or (resumed and resumed < paused):
                raise ValueError(f"the pause of {paused.isoformat()} is out of order")
            before = resumed
        if self.started_at.tzinfo is None:
            raise ValueError(f"a clock started at {self.started_at.isoformat()}: give an aware datetime")

    @property
    def total(self) -> int:
        return self.limit.amount + self.extension

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None


def microseconds(moment: time) -> int:
    return ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000 + moment.microsecond


def span(amount: int) -> timedelta:
    return timedelta(microseconds=amount)
