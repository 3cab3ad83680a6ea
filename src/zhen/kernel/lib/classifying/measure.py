"""How good a classifier is, and how to split texts so that the answer is honest."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from zhen.kernel.lib.classifying.pieces import prepared

_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Score:
    """What was right for one category."""

    right: int  # suggested and chosen
    suggested: int
    chosen: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.suggested + self.chosen) if self.suggested + self.chosen else 0.0


def confusion(chosen: Sequence[str], suggested: Sequence[str]) -> Counter[tuple[str, str]]:
    """(chosen, suggested) → how often."""
    return Counter(zip(chosen, suggested, strict=True))


def scores(pairs: Mapping[tuple[str, str], int]) -> dict[str, Score]:
    """Per category, of a confusion."""
    right: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    for (was, said), count in pairs.items():
        rows[was] += count
        columns[said] += count
        right[was] += count if was == said else 0
    return {name: Score(right[name], columns[name], rows[name]) for name in sorted(rows | columns)}


def macro_f1(pairs: Mapping[tuple[str, str], int]) -> float:
    """The mean F1 of the categories that were chosen at least once; each counts the same, rare or not."""
    found = [score.f1 for score in scores(pairs).values() if score.chosen]
    return sum(found) / len(found) if found else 0.0


def calibration_error(confidence: Sequence[float], right: Sequence[bool], *, bins: int = 10) -> float:
    """Expected calibration error: how far confidence and share of right ones lie apart, on average."""
    boxes: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    for sure, was_right in zip(confidence, right, strict=True):
        boxes[min(bins - 1, int(sure * bins))].append((sure, was_right))
    gaps = (abs(sum(sure for sure, _ in box) - sum(hit for _, hit in box)) for box in boxes.values())
    return sum(gaps) / len(confidence) if confidence else 0.0


def same_text(text: str) -> str:
    """What two texts share that differ only in signs, width, traditional characters and numbers."""
    return _SIGNS.sub("", prepared(text))


def disjoint(texts: Sequence[str], *, share: float, seed: int) -> tuple[list[int], list[int]]:
    """Positions to learn from and positions to judge by; the same text never stands on both sides."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        groups[same_text(text)].append(at)
    keys = sorted(groups)
    Random(seed).shuffle(keys)  # noqa: S311 (a split, no secret)
    learn: list[int] = []
    judge: list[int] = []
    for key in keys:
        (judge if len(judge) < share * len(texts) else learn).extend(groups[key])
    return sorted(learn), sorted(judge)
