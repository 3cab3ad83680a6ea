"""Indicators as packs declare them: how a target's value is read from recorded work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry

Text = str | Promise


class IndicatorKind(StrEnum):
    """count: things done in the period; stock: things there at its end; rate: part of a whole, in %;
    change: the relative change of a series against the period before, in %; fall: how far a stock has fallen since
    the day before the period, in % of what it was then (“减少80%”); a stock that grew has a negative fall."""

    COUNT = "count"
    STOCK = "stock"
    RATE = "rate"
    CHANGE = "change"
    FALL = "fall"


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days from `start` to `end`, `end` not included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if not self.start < self.end:
            raise ValueError(f"a period ends after it starts: {self.start} … {self.end}")

    def year_before(self) -> Period:
        """The same days of the year before (29 February becomes 28)."""
        return Period(start=_year_before(self.start), end=_year_before(self.end))

    def day_before(self) -> Period:
        """The one day before it begins: what a stock is held against."""
        return Period(start=self.start - timedelta(days=1), end=self.start)

    @classmethod
    def year(cls, year: int) -> Period:
        return cls(start=date(year, 1, 1), end=date(year + 1, 1, 1))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year - 1)


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A versioned, declared query over kernel facts.

    `numerator` and `denominator` give querysets of the very rows that count in a period; the value
    is derived from them and every row can be opened. `amount` names the column to sum instead of
    counting rows. `area` is the look-up path from a row to its place. `row_label` and `row_url` say what a
    counted row is called and where it opens; a label holds no personal data, because reports keep it.
    Raise `version` whenever the meaning changes: frozen reports keep the version they were made with.
    """

    id: str
    name: Text
    kind: IndicatorKind
    unit: Text
    formula: Text
    numerator: Callable[[Period], Any]
    denominator: Callable[[Period], Any] | None = None
    amount: str | None = None
    area: str | None = None
    row_label: Callable[[Any], str] = str
    row_url: Callable[[Any], str] | None = None
    version: int = 1


def _check_indicators(indicators: Mapping[str, Entry[Indicator]]) -> Iterable[Problem]:
    for entry in indicators.values():
        indicator = entry.value
        if (indicator.kind is IndicatorKind.RATE) != (indicator.denominator is not None):
            yield Problem(
                where=f"{entry.owner}: indicator {indicator.id}",
                what=f"is a {indicator.kind} {'without' if indicator.denominator is None else 'with'} a denominator",
                remedy="Give a denominator to rates, and to nothing else",
            )


INDICATORS: Registry[Indicator] = Registry(Indicator, label="indicator", check=_check_indicators)
