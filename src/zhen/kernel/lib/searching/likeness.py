"""How alike two reports are: whether both may be about the same thing. A sum of reasons, like a search's.

Nothing is decided here: a person follows, merges or says "no, mine is another".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from math import exp, log, sqrt

from zhen.kernel.lib.geometry.earth import distance
from zhen.kernel.lib.searching.folding import fold
from zhen.kernel.lib.searching.terms import is_chinese, pairs_of, runs_of

DIGITS = 3
REACH = 200.0  # metres; what lies further apart is not the same thing
SPREAD = 90.0  # metres at which two pins count for about a third: people point some 20 or 30 m beside the thing
LIKELY, POSSIBLE = 0.75, 0.60
"""From these scores on a report is offered as the same thing, and shown to a dispatcher as perhaps the same."""


class Aspect(StrEnum):
    """What was compared."""

    WORDS = "words"
    PLACE = "place"
    TIME = "time"
    CLASS = "class"


# Chosen by measurement: see the quality test of cases.duplicates.
WEIGHTS: Mapping[Aspect, float] = {Aspect.WORDS: 0.35, Aspect.PLACE: 0.45, Aspect.CLASS: 0.15, Aspect.TIME: 0.05}


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What is compared. `classes` are the codes from the lowest class to its family; a place is (lon, lat)."""

    text: str
    at: datetime
    point: tuple[float, float] | None = None
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Part:
    """One reason: from 0 (nothing alike) to 1 (the same), and what it adds to the score.

    `measure` is what was measured: shared words' share, metres, days; `None` for classes.
    """

    aspect: Aspect
    alike: float
    points: float
    measure: float | None = None


@dataclass(frozen=True, kw_only=True)
class Likeness:
    score: float
    parts: tuple[Part, ...]
    metres: float | None = None
    shared: tuple[str, ...] = ()


def likeness(new: Reported, old: Reported, lasting: timedelta = timedelta(days=30)) -> Likeness:
    """How alike a new report is to an older one. An aspect that one of them lacks is left out of the weighing.

    Two reports further apart than REACH, or of different families, score 0.
    """
    metres = distance(*new.point, *old.point) if new.point and old.point else None
    if (metres is not None and metres > REACH) or _apart(new.classes, old.classes):
        return Likeness(score=0.0, parts=(), metres=metres)
    words, shared = text_likeness(new.text, old.text)
    days = abs((new.at - old.at) / timedelta(days=1))
    found: list[tuple[Aspect, float, float | None]] = [(Aspect.WORDS, words, words)]
    if metres is not None:
        found.append((Aspect.PLACE, _place(metres), metres))
    if new.classes and old.classes:
        found.append((Aspect.CLASS, _class(new.classes, old.classes), None))
    found.append((Aspect.TIME, max(0.0, 1 - days / (lasting / timedelta(days=1))), days))
    whole = sum(WEIGHTS[aspect] for aspect, _alike, _measure in found)
    parts = tuple(
        Part(aspect=aspect, alike=alike, points=round(WEIGHTS[aspect] / whole * alike, DIGITS), measure=measure)
        for aspect, alike, measure in found
    )
    return Likeness(score=round(sum(part.points for part in parts), DIGITS), parts=parts, metres=metres, shared=shared)


def reach(least: float) -> float:
    """Metres beyond which no two reports score `least`, whatever they say and whenever they came."""
    place = WEIGHTS[Aspect.PLACE]
    needed = (least - 2 * 10**-DIGITS - (1 - place)) / place  # what place must add; points are rounded
    return min(REACH, SPREAD * sqrt(-log(needed))) if needed > 0 else REACH


def text_likeness(one: str, other: str) -> tuple[float, tuple[str, ...]]:
    """The share of the shorter text's pairs and words that the other has too, and these, in its order.

    People tell one thing at different lengths, so the shorter one is the measure; very short ones count less.
    """
    mine, theirs = told_terms(one), told_terms(other)
    shorter, longer = sorted((mine, theirs), key=len)
    if not shorter:
        return 0.0, ()
    shared = tuple(term for term in shorter if term in longer)
    enough = min(1.0, len(shorter) / 3)
    # Half of the pairs in common is much: words are told in another order, with other small words between.
    return min(1.0, 1.6 * len(shared) / len(shorter)) * enough, shared


@lru_cache(maxsize=2_000)
def told_terms(text: str) -> Mapping[str, None]:
    """The pairs and words of a text, in its order; a lone character stands for itself."""
    found: dict[str, None] = {}
    for run in runs_of(fold(text)):
        found.update(dict.fromkeys(pairs_of(run) if is_chinese(run) and len(run) > 1 else [run]))
    return found


def _place(metres: float) -> float:
    return exp(-((metres / SPREAD) ** 2))


def _apart(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return bool(one and other) and one[-1] != other[-1]


def _class(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """1 for the same class, 0.5 for the same class above it, 0.2 for the same family."""
    if one[0] == other[0]:
        return 1.0
    return 0.5 if set(one[:-1]) & set(other[:-1]) else 0.2
