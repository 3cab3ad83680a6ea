"""Why something was found, and how high it stands: a sum of reasons, each with its points.

The weights are a table, and the page shows the reasons with their points, so that anybody can add them up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from zhen.kernel.lib.searching.asking import Asked
from zhen.kernel.lib.searching.folding import fold, fold_with_places
from zhen.kernel.lib.searching.tolerance import Meant, Variant, near_pattern


class Field(StrEnum):
    """Where words may stand."""

    NUMBER = "number"
    TITLE = "title"
    ADDRESS = "address"
    TEXT = "text"


class How(StrEnum):
    """How a word of the query was found."""

    WHOLE = "whole"  # the query as it was typed
    EXACT = "exact"  # one of its words
    SOUND = "sound"  # another word that sounds alike
    SWAPPED = "swapped"
    OTHER = "other"
    MISSING = "missing"
    EXTRA = "extra"
    NEAR = "near"  # all but one character
    RECENT = "recent"


FIELD_WEIGHTS: Mapping[Field, float] = {Field.NUMBER: 8.0, Field.TITLE: 4.0, Field.ADDRESS: 3.0, Field.TEXT: 2.0}
HOW_WEIGHTS: Mapping[How, float] = {
    How.WHOLE: 1.0,
    How.EXACT: 1.0,
    How.SOUND: 0.7,
    How.SWAPPED: 0.6,
    How.MISSING: 0.5,
    How.EXTRA: 0.5,
    How.OTHER: 0.5,
    How.NEAR: 0.4,
}
RECENT_POINTS = 2.0
HALF_AS_RECENT = timedelta(days=90)
DIGITS = 2


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason: the word that was asked for, what stands in the text, where, and what it adds to the score.

    `how` RECENT has no word; its `found` is empty and `field` is `None`.
    """

    how: How
    points: float
    asked: str = ""
    found: str = ""
    field: Field | None = None


@dataclass(frozen=True, kw_only=True)
class Rank:
    """The score is the sum of the reasons' points. `missed` are words that were not found."""

    score: float
    reasons: tuple[Reason, ...]
    missed: tuple[str, ...] = ()

    @property
    def found_anything(self) -> bool:
        return any(reason.how is not How.RECENT for reason in self.reasons)


def rank(texts: Mapping[Field, str], asked: Asked, meant: Sequence[Meant], at: datetime, now: datetime) -> Rank:
    """Rank what was received `at` by how its texts answer the query, or what the query may have meant."""
    folded = {field: fold(text) for field, text in texts.items() if text}
    best = _matches(folded, asked)
    # A correction counts only where the query as it was typed leaves a word open; the likeliest come first.
    if best.missed:
        others = [_matches(folded, other.asked, asked, other.variants) for other in meant]
        best = max((best, *others), key=lambda found: -len(found.missed))
    if best.missed:
        best = _nearly(folded, asked, best)
    return _of((*best.reasons, Reason(how=How.RECENT, points=_recency(at, now))), best.missed)


def _matches(
    folded: Mapping[Field, str], asked: Asked, typed: Asked | None = None, variants: Sequence[Variant] = ()
) -> Rank:
    """Each word where it weighs most. `asked` may be a correction of what was `typed`."""
    reasons: list[Reason] = []
    missed: list[str] = []
    for word in asked.words:
        variant = None if typed is None or word in typed.words else _behind(word, variants)
        found = _best(folded, word, variant)
        if found:
            reasons.append(found)
        else:
            missed.append(variant.run if variant else word)
    if len(asked.words) > 1 and not missed and typed is None:
        whole = _best(folded, asked.text, None, How.WHOLE)
        reasons = [whole, *reasons] if whole else reasons
    return _of(tuple(reasons), tuple(missed))


def _behind(word: str, variants: Sequence[Variant]) -> Variant | None:
    return next((variant for variant in variants if word in variant.meant), None)


def _best(folded: Mapping[Field, str], word: str, variant: Variant | None, how: How = How.EXACT) -> Reason | None:
    fields = [field for field, text in folded.items() if word in text]
    if not fields:
        return None
    field = max(fields, key=lambda field: FIELD_WEIGHTS[field])
    how = How(variant.change.value) if variant else how
    return Reason(how=how, points=_points(field, how), asked=variant.run if variant else word, found=word, field=field)


def _nearly(folded: Mapping[Field, str], asked: Asked, best: Rank) -> Rank:
    """Whole runs, then single words, of which all but one character stands in a text."""
    reasons, missed = list(best.reasons), list(best.missed)
    for part in dict.fromkeys((*asked.runs, *asked.words)):
        open_words = [word for word in missed if word in part]
        pattern = near_pattern(part) if open_words else None
        hits = {field: hit.group() for field, text in folded.items() if pattern and (hit := pattern.search(text))}
        if hits:
            field = max(hits, key=lambda field: FIELD_WEIGHTS[field])
            reasons = [reason for reason in reasons if reason.found not in part]
            reasons.append(
                Reason(how=How.NEAR, points=_points(field, How.NEAR), asked=part, found=hits[field], field=field)
            )
            missed = [word for word in missed if word not in open_words]
    return _of(tuple(reasons), tuple(missed))


def _points(field: Field, how: How) -> float:
    return round(FIELD_WEIGHTS[field] * HOW_WEIGHTS[how], DIGITS)


def _recency(at: datetime, now: datetime) -> float:
    """Halves every 90 days."""
    age = max(now - at, timedelta(0)) / HALF_AS_RECENT
    return float(round(RECENT_POINTS * 2.0 ** -min(age, 100.0), DIGITS))


def _of(reasons: tuple[Reason, ...], missed: tuple[str, ...]) -> Rank:
    return Rank(score=round(sum(reason.points for reason in reasons), DIGITS), reasons=reasons, missed=missed)


def marks(text: str, reasons: Sequence[Reason]) -> list[tuple[int, int]]:
    """Where in a text, as it was written, the found words stand: sorted spans that do not overlap."""
    folded, places = fold_with_places(text)
    spans: list[tuple[int, int]] = []
    for word in {reason.found for reason in reasons if reason.found}:
        start = folded.find(word)
        while start >= 0:
            spans.append((places[start], places[start + len(word) - 1] + 1))
            start = folded.find(word, start + len(word))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
