"""What a person may have meant: corrections drawn from the pairs of characters that the town's own cases hold.

`井概` is no pair that anybody wrote, but `井盖` is, and sounds the same. No word list is shipped: the vocabulary is
counted from the cases (a term counts from three cases on, so that no single person's words are offered to others).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from math import log1p
from typing import Protocol

from zhen.kernel.lib.searching.asking import Asked, ask, required
from zhen.kernel.lib.searching.folding import sound
from zhen.kernel.lib.searching.terms import is_chinese, pairs_of

MOST_VARIANTS = 6
LONGEST_RUN = 24
SHORTEST_FUZZY = 3


class Change(StrEnum):
    """How a variant differs from what was typed. The order is the order of trust."""

    SOUND = "sound"
    SWAPPED = "swapped"
    OTHER = "other"
    MISSING = "missing"
    EXTRA = "extra"


_TRUST: Mapping[Change, float] = {
    Change.SOUND: 4.0,
    Change.SWAPPED: 2.0,
    Change.EXTRA: 1.5,
    Change.MISSING: 1.5,
    Change.OTHER: 1.0,
}
"""Weighs a change against how common its pairs are (a logarithm of cases)."""


@dataclass(frozen=True, kw_only=True)
class Pair:
    """A pair of characters, how it sounds, and how many cases hold it."""

    text: str
    sound: str
    cases: int


class Vocabulary(Protocol):
    """The counted pairs. Each method is one question to the database, answered with a bounded number of pairs."""

    def known(self, pairs: Collection[str]) -> Mapping[str, int]: ...

    def sounding(self, sounds: Collection[str]) -> Iterable[Pair]: ...

    def beside(self, first: Collection[str], last: Collection[str]) -> Iterable[Pair]:
        """Pairs that begin with one of `first` or end with one of `last`, the most common of each."""
        ...


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One run of the query as it may have been meant."""

    run: str
    meant: str
    change: Change
    trust: float


def variants_of(asked: Asked, vocabulary: Vocabulary) -> tuple[Variant, ...]:
    """Corrections of the query's Chinese runs, the likeliest first. Two or three questions to the vocabulary."""
    runs = [run for run in asked.runs if is_chinese(run) and 2 <= len(run) <= LONGEST_RUN]
    known = dict(vocabulary.known({pair for run in runs for pair in pairs_of(run)}))
    found: list[Variant] = []
    for run in runs:
        doubtful = _doubtful(run, known)
        if doubtful:
            found.extend(_corrections(run, doubtful, known, vocabulary))
    found.sort(key=lambda variant: (-variant.trust, variant.meant))
    return tuple(found[:MOST_VARIANTS])


def _doubtful(run: str, known: Mapping[str, int]) -> frozenset[int]:
    """The places of the pairs that nobody wrote; where each was written, the rarest."""
    counts = [known.get(pair, 0) for pair in pairs_of(run)]
    unknown = [place for place, count in enumerate(counts) if not count]
    return frozenset(unknown or [counts.index(min(counts))])


def _corrections(
    run: str, doubtful: frozenset[int], known: Mapping[str, int], vocabulary: Vocabulary
) -> Iterator[Variant]:
    pairs = pairs_of(run)
    same = list(vocabulary.sounding({sound(pairs[place]) for place in doubtful}))
    near = _Near(known, same, _beside(run, doubtful, vocabulary))
    best: dict[str, Variant] = {}
    for meant, change in _edits(run, doubtful, near):
        trust = near.likelihood(meant)
        if trust is None or meant == run:
            continue
        variant = Variant(run=run, meant=meant, change=change, trust=trust + _TRUST[change])
        if meant not in best or best[meant].trust < variant.trust:
            best[meant] = variant
    yield from best.values()


def _beside(run: str, doubtful: frozenset[int], vocabulary: Vocabulary) -> list[Pair]:
    if len(run) < SHORTEST_FUZZY:
        return []
    places = {place + step for place in doubtful for step in (-1, 0, 1, 2)}
    around = {run[place] for place in places if 0 <= place < len(run)}
    return list(vocabulary.beside(around, around))


class _Near:
    """The pairs near a run: which may follow, which may stand before, and how common a text of them is."""

    def __init__(self, known: Mapping[str, int], same: Sequence[Pair], beside: Sequence[Pair]) -> None:
        self.counts = {pair: count for pair, count in known.items() if count}
        self.same: dict[str, list[str]] = {}
        self.after: dict[str, list[str]] = {}
        self.before: dict[str, list[str]] = {}
        for pair in same:
            self.same.setdefault(pair.sound, []).append(pair.text)
            self.counts[pair.text] = pair.cases
        for pair in beside:
            self.after.setdefault(pair.text[0], []).append(pair.text[1])
            self.before.setdefault(pair.text[1], []).append(pair.text[0])
            self.counts[pair.text] = pair.cases

    def likelihood(self, text: str) -> float | None:
        """The mean logarithm of the pairs' cases; `None` where a pair is in no case."""
        counts = [self.counts.get(pair, 0) for pair in pairs_of(text)]
        return sum(map(log1p, counts)) / len(counts) if counts and all(counts) else None


def _edits(run: str, doubtful: frozenset[int], near: _Near) -> Iterator[tuple[str, Change]]:
    """Each text one change away, at the doubtful places only."""
    for place in sorted(doubtful):
        for pair in near.same.get(sound(run[place : place + 2]), ()):
            yield run[:place] + pair + run[place + 2 :], Change.SOUND
    if len(run) < SHORTEST_FUZZY:
        return
    for place in sorted(doubtful):
        head, tail = run[:place], run[place + 2 :]
        one, two = run[place], run[place + 1]
        yield head + two + one + tail, Change.SWAPPED
        yield head + two + tail, Change.EXTRA
        yield head + one + tail, Change.EXTRA
        for char in near.after.get(one, ()):
            yield head + one + char + two + tail, Change.MISSING
    for place in sorted({place for pair in doubtful for place in (pair, pair + 1)}):
        yield from _other_character(run, place, near)


def _other_character(run: str, place: int, near: _Near) -> Iterator[tuple[str, Change]]:
    after = near.after.get(run[place - 1], ()) if place else ()
    before = near.before.get(run[place + 1], ()) if place + 1 < len(run) else ()
    chars = set(after) & set(before) if after and before else set(after) | set(before)
    for char in chars:
        change = Change.SOUND if sound(char) == sound(run[place]) else Change.OTHER
        yield run[:place] + char + run[place + 1 :], change


def loosened(asked: Asked, most: int = 12) -> tuple[tuple[str, ...], ...]:
    """Sets of terms of which one is enough, for a query that nothing answers whole.

    With several words each may be absent in turn; with one word of three or more characters each character in turn.
    """
    if len(asked.words) > 1:
        sets = [required(tuple(other for other in asked.words if other != word)) for word in asked.words]
    else:
        sets = [terms for word in asked.words if len(word) >= SHORTEST_FUZZY for terms in _without_one(word)]
    return tuple(dict.fromkeys(terms for terms in sets if terms))[:most]


def _without_one(word: str) -> Iterator[tuple[str, ...]]:
    if not is_chinese(word):
        return
    pairs = pairs_of(word)
    for place in range(len(word)):
        kept = [pair for at, pair in enumerate(pairs) if place not in (at, at + 1)]
        yield tuple(dict.fromkeys(kept or (word[0], word[-1])))


@lru_cache(maxsize=2_000)
def near_pattern(word: str) -> re.Pattern[str] | None:
    """A pattern for texts that differ from a word of three or more characters by one character."""
    if len(word) < SHORTEST_FUZZY:
        return None
    shapes: list[str] = []
    for place in range(len(word)):
        head, tail = re.escape(word[:place]), re.escape(word[place + 1 :])
        shapes.append(head + r"\w" + tail)
        if place:
            shapes.append(head + r"\w" + re.escape(word[place:]))
    shapes += [re.escape(word[:place] + word[place + 1 :]) for place in range(len(word)) if len(word) > SHORTEST_FUZZY]
    return re.compile("|".join(shapes))


@dataclass(frozen=True, kw_only=True)
class Meant:
    """A whole query as it may have been meant, and the corrections in it."""

    asked: Asked
    variants: tuple[Variant, ...]


def meant_by(asked: Asked, vocabulary: Vocabulary) -> tuple[Meant, ...]:
    """Whole queries with one run corrected; where several runs need it, first the one with the best of each."""
    variants = variants_of(asked, vocabulary)
    best: dict[str, Variant] = {}
    for variant in variants:
        best.setdefault(variant.run, variant)
    groups: list[tuple[Variant, ...]] = [(variant,) for variant in variants]
    if len(best) > 1:
        groups.insert(0, tuple(best.values()))
    return tuple(Meant(asked=_with(asked, group), variants=group) for group in groups)


def _with(asked: Asked, variants: Sequence[Variant]) -> Asked:
    meant = {variant.run: variant.meant for variant in variants}
    return ask(" ".join(meant.get(run, run) for run in asked.runs))
