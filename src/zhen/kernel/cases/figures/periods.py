"""Periods of the calendar: steps of a series, the period before, the same a year ago. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAY = timedelta(days=1)


class Step(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, order=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def end(self) -> date:
        return self.last + DAY

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def whole_months(self) -> int:
        """How many months it is made of, or 0 where it is not made of whole ones."""
        if self.first.day != 1 or self.end.day != 1:
            return 0
        return 12 * (self.end.year - self.first.year) + self.end.month - self.first.month

    def before(self) -> Period:
        """The period of the same length that ends the day before: months before months."""
        months = self.whole_months
        start = add_months(self.first, -months) if months else self.first - timedelta(days=self.days)
        return Period(start, self.first - DAY)

    def a_year_ago(self) -> Period:
        """The same season of the year before. A period up to the end of a month stays so in a leap year."""
        if self.end.day == 1:
            return Period(add_months(self.first, -12), add_months(self.end, -12) - DAY)
        return Period(add_months(self.first, -12), add_months(self.last, -12))

    def step(self) -> Step:
        """How finely a series over it is drawn: between six and forty points where the calendar allows."""
        if self.days <= 35:
            return Step.DAY
        if self.days <= 190:
            return Step.WEEK
        return Step.MONTH if self.days <= 1200 else Step.QUARTER

    def starts(self, step: Step) -> Iterator[date]:
        """The first days of all steps that touch the period."""
        at = start_of(self.first, step)
        while at <= self.last:
            yield at
            at = following(at, step)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def start_of(day: date, step: Step) -> date:
    match step:
        case Step.DAY:
            return day
        case Step.WEEK:
            return day - timedelta(days=day.weekday())
        case Step.MONTH:
            return day.replace(day=1)
        case Step.QUARTER:
            return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
        case Step.YEAR:
            return day.replace(month=1, day=1)


def following(start: date, step: Step) -> date:
    match step:
        case Step.DAY:
            return start + DAY
        case Step.WEEK:
            return start + timedelta(days=7)
        case Step.MONTH:
            return add_months(start, 1)
        case Step.QUARTER:
            return add_months(start, 3)
        case Step.YEAR:
            return add_months(start, 12)


@dataclass(frozen=True)
class Piece:
    """A part of a period, [start, end), that is read from sums by month, or by day."""

    start: date
    end: date
    monthly: bool


def pieces(period: Period, today: date, breaks: Iterable[date] = (), *, monthly: bool = True) -> list[Piece]:
    """A period cut into runs of whole months that are over, and the days around them.

    The current month is read by day, for what falls due later in it does not count yet. `breaks` are days on which
    areas were re-drawn: no piece crosses one, and a month with one inside is read by day.
    """
    cuts = sorted({day for day in breaks if period.first < day < period.end})
    found: list[Piece] = []
    for start, end in zip([period.first, *cuts], [*cuts, period.end], strict=True):
        first, last = start, end
        if monthly:
            first = start if start.day == 1 else add_months(start.replace(day=1), 1)
            last = min(end.replace(day=1), today.replace(day=1))
        if not monthly or first >= last:
            found.append(Piece(start, end, False))
            continue
        parts = (Piece(start, first, False), Piece(first, last, True), Piece(last, end, False))
        found += [piece for piece in parts if piece.start < piece.end]
    return found
