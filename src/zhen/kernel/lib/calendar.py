"""Working days, given a table of them. Pure: the town's own table is a row set that staff edit."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from importlib.metadata import version

FRIDAY = 4


class BeyondHorizon(ValueError):
    """The table says nothing about a day. Remedy: enter that year's official calendar."""

    def __init__(self, day: date, table: Workdays) -> None:
        self.day = day
        super().__init__(f"{day}: the calendar covers {table.first} to {table.last} only")


@dataclass(frozen=True, kw_only=True)
class Workdays:
    """Which days of a period are worked.

    A day is worked from Monday to Friday, but for `holidays`, and on the weekend days in
    `swap_days` (调休). `source` says where the table comes from; `first` and `last` are both in it.
    """

    first: date
    last: date
    holidays: frozenset[date]
    swap_days: frozenset[date]
    source: str

    def __post_init__(self) -> None:
        both = self.holidays & self.swap_days
        if both:
            raise ValueError(f"{min(both)} is both a holiday and a swap day: leave it in one of the two")

    def is_worked(self, day: date) -> bool:
        """Raises BeyondHorizon for a day that the table does not cover."""
        if not self.first <= day <= self.last:
            raise BeyondHorizon(day, self)
        return day in self.swap_days or (day.weekday() <= FRIDAY and day not in self.holidays)

    def add(self, day: date, count: int) -> date:
        """The working day that is `count` working days after `day` (before it, where negative).

        The day itself does not count (Civil Code, article 201). Zero gives the day itself.
        """
        step = timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            if self.is_worked(day):
                left -= 1
        return day

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and with `end`; negative where `end` is earlier."""
        if end < start:
            return -self.between(end, start)
        days = (start + timedelta(days=offset) for offset in range(1, (end - start).days + 1))
        return sum(self.is_worked(day) for day in days)

    @cached_property
    def counting(self) -> Counting:
        """The same days for counting fast; made once for each table."""
        return Counting(self)


class Counting:
    """The days of a table as running sums, so that a count of any length is one look.

    Days are ordinals (`date.toordinal`). Nobody has published the days outside the table yet: they
    count from Monday to Friday, and whoever used one of them calls the result provisional (`covers`).
    """

    def __init__(self, table: Workdays) -> None:
        self.first, self.last = table.first.toordinal(), table.last.toordinal()
        self._worked: array[int] = array("l")
        self._before: array[int] = array("l", [0])
        for ordinal in range(self.first, self.last + 1):
            if table.is_worked(date.fromordinal(ordinal)):
                self._worked.append(ordinal)
            self._before.append(len(self._worked))

    def covers(self, first: int, last: int) -> bool:
        return self.first <= first and last <= self.last

    def before(self, day: int) -> int:
        """How many worked days lie from the table's first day up to `day`, itself not counted; negative before it."""
        if day < self.first:
            return _weekdays_before(day) - _weekdays_before(self.first)
        if day <= self.last:
            return self._before[day - self.first]
        return len(self._worked) + _weekdays_before(day) - _weekdays_before(self.last + 1)

    def nth(self, number: int) -> int:
        """The worked day that has `number` worked days `before` it."""
        if number < 0:
            return _weekday(_weekdays_before(self.first) + number)
        if number < len(self._worked):
            return self._worked[number]
        return _weekday(_weekdays_before(self.last + 1) + number - len(self._worked))

    def is_worked(self, day: int) -> bool:
        return self.before(day + 1) > self.before(day)


def _weekdays_before(day: int) -> int:
    """How many days from Monday to Friday lie before an ordinal; the ordinal 1 is a Monday."""
    weeks, rest = divmod(day - 1, 7)
    return weeks * 5 + min(rest, 5)


def _weekday(number: int) -> int:
    weeks, rest = divmod(number, 5)
    return weeks * 7 + rest + 1


def seed() -> Workdays:
    """The State Council's yearly notices on holidays, as the package chinese-calendar has them."""
    from chinese_calendar.constants import holidays, workdays

    years = {day.year for day in holidays}
    return Workdays(
        first=date(min(years), 1, 1),
        last=date(max(years), 12, 31),
        holidays=frozenset(day for day in holidays if day.weekday() <= FRIDAY),
        swap_days=frozenset(workdays),
        source=f"国务院办公厅关于部分节假日安排的通知 (chinese-calendar {version('chinese-calendar')})",
    )


def table(holidays: Iterable[date], swap_days: Iterable[date], *, first: date, last: date, source: str) -> Workdays:
    """A table from the town's own rows."""
    return Workdays(first=first, last=last, holidays=frozenset(holidays), swap_days=frozenset(swap_days), source=source)
