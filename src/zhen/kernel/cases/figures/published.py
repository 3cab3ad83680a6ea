"""Figures that the town publishes: by area and month, without any number so small that it tells who reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CASE_TYPES, Visibility
from zhen.kernel.cases.figures.asking import Asked, Question, numbers
from zhen.kernel.cases.figures.overview import FEWEST, FEWEST_OF_A_RATE
from zhen.kernel.cases.figures.periods import Period, Step
from zhen.kernel.cases.figures.tables import LABELS, RATES, Numbers
from zhen.kernel.places import api as places

COUNTS = ("received", "closed", "reopened")
READER = Actor.system("cases.figures")


@dataclass(frozen=True, kw_only=True)
class PublicHead:
    """What a column holds: a count, or a rate by its published formula."""

    id: str
    label: str
    unit: str = ""
    formula: str = ""


@dataclass(frozen=True, kw_only=True)
class PublicRow:
    """An area, or a month: its numbers in the order of the heads. None is too small to be told."""

    key: int | date
    name: str
    values: Sequence[float | None]


def public_heads() -> list[PublicHead]:
    return [
        *(PublicHead(id=name, label=str(LABELS[name])) for name in COUNTS),
        *(PublicHead(id=of.id, label=str(of.name), unit="%", formula=str(of.formula)) for of in RATES),
    ]


def public_by_area(period: Period, today: date) -> list[PublicRow]:
    """The neighbourhoods side by side. The queries do not grow with their number."""
    found = {
        area: value
        for (area, _at), value in numbers(
            Asked.by(READER, _question(period, today)), group="area", level=places.Kind.NEIGHBOURHOOD
        ).items()
        if area
    }
    versions = places.places_at(found, today)
    known = sorted((version for version in versions.values()), key=lambda version: version.name_key)
    columns = _columns([found[version.place_id] for version in known])
    return [
        PublicRow(key=version.place_id, name=version.name, values=[column[n] for column in columns])
        for n, version in enumerate(known)
    ]


def public_by_month(area: int | None, period: Period, today: date) -> list[PublicRow]:
    """The months of a period for the town or an area. One query for the numbers."""
    found = numbers(Asked.by(READER, _question(period, today, area)), step=Step.MONTH)
    months = list(period.starts(Step.MONTH))
    columns = _columns([found.get((None, month), Numbers()) for month in months])
    return [
        PublicRow(key=month, name=f"{month:%Y-%m}", values=[column[n] for column in columns])
        for n, month in enumerate(months)
    ]


def _question(period: Period, today: date, area: int | None = None) -> Question:
    types = tuple(type_.id for type_ in CASE_TYPES if type_.visibility is Visibility.PUBLIC)
    return Question(period=period, today=today, types=types, area=area)


def _columns(rows: Sequence[Numbers]) -> list[list[float | None]]:
    return [
        *(told([row[name] for row in rows]) for name in COUNTS),
        *([rate.value if (rate := row.rate(of)).whole >= FEWEST_OF_A_RATE else None for row in rows] for of in RATES),
    ]


def told(counts: Sequence[int]) -> list[float | None]:
    """A column without its small numbers.

    Where just one is left out, the sum of all would tell it: then the smallest of the others is left out as well.
    """
    shown: list[float | None] = [count if count == 0 or count >= FEWEST else None for count in counts]
    if shown.count(None) == 1:
        others: Mapping[int, int] = {n: count for n, count in enumerate(counts) if shown[n]}
        if others:
            shown[min(others, key=lambda n: others[n])] = None
    return shown
