"""A period in figures: totals beside the period before and the same season a year ago, a series, a ranking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Any

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CASE_TYPES, Visibility
from zhen.kernel.cases.figures.asking import Asked, Question, numbers, total
from zhen.kernel.cases.figures.periods import Period, Step
from zhen.kernel.cases.figures.tables import LABELS, RATES, Numbers, RateOf
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.identity.api import Unit
from zhen.kernel.places import api as places

NONE = 0
GROUPS: Mapping[str, tuple[str, str]] = {
    "unit": ("unit", ""),
    "precinct": ("area", places.Kind.PRECINCT),
    "neighbourhood": ("area", places.Kind.NEIGHBOURHOOD),
    "cell": ("area", places.Kind.CELL),
    "family": ("category", ""),
    "major": ("category", ""),
    "class": ("category", ""),
    "source": ("source", ""),
}
"""What a table can be broken down by: the dimension, and the level of areas."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One row of the breakdown. `rank` is None where there are too few cases to compare."""

    key: Any
    name: str
    now: Numbers
    year_ago: Numbers
    rank: int | None = None


@dataclass(frozen=True, kw_only=True)
class Totals:
    """A period beside the one before it and the same season a year ago."""

    now: Numbers
    before: Numbers
    year_ago: Numbers


def totals(actor: Actor, question: Question) -> Totals:
    now, before, year_ago = (
        total(Asked.by(actor, question.over(period)))
        for period in (question.period, question.period.before(), question.period.a_year_ago())
    )
    return Totals(now=now, before=before, year_ago=year_ago)


def course(actor: Actor, question: Question, step: Step | None = None) -> list[tuple[date, Numbers]]:
    """The period step by step, with the steps in which nothing happened."""
    step = step or question.period.step()
    found = numbers(Asked.by(actor, question), step=step)
    return [(at, found.get((None, at), Numbers())) for at in question.period.starts(step)]


def breakdown(actor: Actor, question: Question, group: str, by: RateOf = RATES[0]) -> list[Line]:
    """The period by unit, area of its day, or class, ranked by a rate, beside the same season a year ago."""
    now = _grouped(Asked.by(actor, question), group)
    before = _grouped(Asked.by(actor, question.over(question.period.a_year_ago())), group)
    return ranking(now, before, group, question.today, by)


def _grouped(asked: Asked, group: str) -> dict[Any, Numbers]:
    dimension, level = GROUPS[group]
    found: dict[Any, Numbers] = {}
    for (key, _at), value in numbers(asked, group=dimension, level=level).items():
        named = _class_at(group, key) if dimension == "category" else key
        found[named] = found.get(named, Numbers()).plus(value.by)
    return found


def _class_at(group: str, category: int) -> int:
    """The class itself, its major class, or its family."""
    chain = [node for node in rulebook().lineage(category or None) if node is not None]
    if not chain or group == "class":
        return category
    return chain[-1] if group == "family" or len(chain) < 2 else chain[-2]


def ranking(
    now: Mapping[Any, Numbers], before: Mapping[Any, Numbers], group: str, today: date, by: RateOf
) -> list[Line]:
    """The groups by a rate, best first; those with too few cases follow by size, without a rank.

    Equal rates share a rank.
    """
    names = _names(group, set(now), today)
    enough = sorted(
        (key for key, value in now.items() if not value.rate(by).few), key=lambda key: -(now[key].rate(by).value or 0)
    )
    few = sorted((key for key in now if now[key].rate(by).few), key=lambda key: -now[key]["received"])
    lines: list[Line] = []
    for place, key in enumerate([*enough, *few], 1):
        rank: int | None = place if key in set(enough) else None
        if rank and lines and lines[-1].now.rate(by).value == now[key].rate(by).value:
            rank = lines[-1].rank
        lines.append(
            Line(key=key, name=names.get(key, ""), now=now[key], year_ago=before.get(key, Numbers()), rank=rank)
        )
    return lines


def _names(group: str, keys: set[Any], today: date) -> dict[Any, str]:
    """How the groups are called. Areas by their last name: one that is gone keeps it."""
    dimension, _level = GROUPS[group]
    match dimension:
        case "unit":
            return dict(Unit.objects.filter(pk__in=keys).values_list("pk", "name"))
        case "area":
            versions = places.PlaceVersion.objects.filter(place__in=[key for key in keys if key], valid_from__lte=today)
            return dict(versions.order_by("valid_from").values_list("place_id", "name"))
        case "category":
            return {key: row.name for key, row in rulebook().categories.items() if key in keys}
    return {key: str(key) for key in keys}


@dataclass(frozen=True, kw_only=True)
class HotSpot:
    """A hexagon of some 400 m in which more was reported than in the same season a year ago.

    `sure`: the rise is larger than chance explains (two counts differ by twice the root of their sum).
    """

    h3_9: int
    now: int
    year_ago: int

    @property
    def sure(self) -> bool:
        return self.now - self.year_ago > 1.96 * sqrt(self.now + self.year_ago)


MOST_SPOTS = 200


def hot_spots(actor: Actor, question: Question) -> list[HotSpot]:
    """Where most was reported in the period, beside the same season a year ago; surest rises first."""
    year_ago = question.over(question.period.a_year_ago())
    now, ago = (numbers(Asked.by(actor, one), group="h3_9", columns=("received",)) for one in (question, year_ago))
    spots = [
        HotSpot(h3_9=key, now=value.by["received"], year_ago=ago.get((key, None), Numbers()).by.get("received", 0))
        for (key, _at), value in now.items()
        if key
    ]
    return sorted(spots, key=lambda spot: (not spot.sure, -spot.now, spot.h3_9))[:MOST_SPOTS]


FEWEST = 5
"""Smaller numbers are not published: who reported could be guessed."""
FEWEST_OF_A_RATE = 20


@dataclass(frozen=True, kw_only=True)
class PublicFigure:
    """A number that everybody may read. `value` is None where it is too small to be told."""

    id: str
    label: str
    value: float | None
    unit: str = ""
    formula: str = ""


def public_figures(area: int | None, period: Period, today: date) -> list[PublicFigure]:
    """What the town tells everybody about cases that are public by their kind, without small numbers."""
    types = tuple(type_.id for type_ in CASE_TYPES if type_.visibility is Visibility.PUBLIC)
    question = Question(period=period, today=today, types=types, area=area)
    found = total(Asked.by(Actor.system("cases.figures"), question))
    counts = [
        PublicFigure(
            id=name, label=str(LABELS[name]), value=found[name] if found[name] == 0 or found[name] >= FEWEST else None
        )
        for name in ("received", "closed", "reopened")
    ]
    rates = [
        PublicFigure(
            id=of.id,
            label=str(of.name),
            value=rate.value if (rate := found.rate(of)).whole >= FEWEST_OF_A_RATE else None,
            unit="%",
            formula=str(of.formula),
        )
        for of in RATES
    ]
    return [*counts, *rates]
