"""When a campaign begins a new round, and on which days visits fall. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhen.kernel.rounds.declarations import Every

MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}


@dataclass(frozen=True, kw_only=True)
class Span:
    """Days from `first` to `last`, both included: those of a round."""

    number: int
    first: date
    last: date


def months_later(day: date, months: int) -> date:
    """So many months on; the last day of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def begins(every: str, starts_on: date, number: int) -> date:
    """The first day of a campaign's round; rounds count from 1. Counted from the beginning, so no day drifts."""
    if every == Every.WEEK:
        return starts_on + timedelta(weeks=number - 1)
    return months_later(starts_on, MONTHS[Every(every)] * (number - 1)) if every != Every.ONCE else starts_on


def round_on(every: str, starts_on: date, ends_on: date, day: date) -> Span | None:
    """The round that a day falls into; None before the campaign begins and after it ends."""
    if not starts_on <= day <= ends_on:
        return None
    if every == Every.ONCE:
        return Span(number=1, first=starts_on, last=ends_on)
    days = (day - starts_on).days
    number = 1 + (days // 7 if every == Every.WEEK else days // (MONTHS[Every(every)] * 31))
    while begins(every, starts_on, number + 1) <= day:
        number += 1
    last = min(begins(every, starts_on, number + 1) - timedelta(days=1), ends_on)
    return Span(number=number, first=begins(every, starts_on, number), last=last)


def spread(count: int, days: Sequence[date], per_day: int) -> list[date]:
    """A day for each of so many visits of one person, in their order: evenly, at most `per_day`; the rest on the last.

    `days` are those on which somebody goes out, in order; there is one at least.
    """
    if count <= len(days):
        return [days[number * len(days) // count] for number in range(count)]
    a_day = min(per_day, -(-count // len(days)))
    return [days[min(number // a_day, len(days) - 1)] for number in range(count)]
