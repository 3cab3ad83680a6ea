"""Suggesting the class of a case from its words. Always a suggestion: somebody chooses."""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zhen.kernel.cases.declarations import CASE_TYPES, CaseType
from zhen.kernel.cases.models import Category, KeywordRule, TextModel
from zhen.kernel.cases.rulebook import Rulebook, holds, rulebook
from zhen.kernel.lib import clock
from zhen.kernel.lib.text import fold

if TYPE_CHECKING:
    from zhen.kernel.lib.classifying.model import Model

log = logging.getLogger(__name__)

MOST = 3  # suggestions
LEAST = 0.2  # below that confidence it says nothing: silence is better than a guess
UNSAID = 3.0  # how much weight stands for "something else" while only rules speak
FORCE = 0.3  # a point of a rule's weight multiplies the odds of a trained model by e^0.3 = 1.35
UNKNOWN = 0.002  # the chance of a class that the model has never seen
LONGEST = 2_000  # characters that are read


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`confidence` is the chance that it is right. `version` is the model's, 0 where rules alone spoke."""

    category: Category
    confidence: float
    words: tuple[str, ...]
    version: int

    @property
    def reason(self) -> str:
        if not self.words:
            return _("The text as a whole reads like earlier cases of this class")
        return _("Because of: {words}").format(words="、".join(self.words))


@dataclass(frozen=True)
class Classifier:
    """What is known about one scheme at one edition of the rules."""

    rules: Sequence[tuple[str, KeywordRule]]
    version: int = 0
    model: Model | None = field(default=None, repr=False)


def suggest(text: str, case_type: str | CaseType, book: Rulebook | None = None) -> tuple[Suggestion, ...]:
    """The classes that a text may be about, the most probable first; empty where nothing can be said.

    It costs one query; none with the `book` that the operation has read already.
    """
    type_ = CASE_TYPES[case_type] if isinstance(case_type, str) else case_type
    if not type_.scheme or not text.strip():
        return ()
    book = book or rulebook()
    known = classifier(type_.scheme, book)
    today = clock.now().astimezone(clock.TOWN_ZONE).date()
    points, words = _points(known, fold(text[:LONGEST]), today)
    learnt = _read(known, text, words)
    chances = _together(points, learnt) if learnt else _alone(points)
    found = (
        Suggestion(category, chance, tuple(words.get(code, ()))[:4], known.version)
        for code, chance in sorted(chances.items(), key=lambda pair: (-pair[1], pair[0]))
        if chance >= LEAST and (category := book.by_code.get((type_.scheme, code))) is not None
        if category.leaf and holds(category, today)
    )
    return tuple(found)[:MOST]


def _points(known: Classifier, text: str, day: date) -> tuple[dict[str, float], dict[str, list[str]]]:
    """Per class the sum of the weights of the words that stand in the text, and these words."""
    points: dict[str, float] = defaultdict(float)
    words: dict[str, list[str]] = defaultdict(list)
    for word, rule in known.rules:
        if word in text and holds(rule, day):
            points[rule.category.code] += rule.weight
            if rule.weight > 0:
                words[rule.category.code].append(rule.word)
    return points, words


def _read(known: Classifier, text: str, words: dict[str, list[str]]) -> dict[str, float]:
    """The model's chances per class; the words it went by join those of the rules."""
    if known.model is None:
        return {}
    reading = known.model.read(text[:LONGEST])
    spoken = words[reading.category]
    spoken += [
        said.word for said in reading.because if not any(said.word in other or other in said.word for other in spoken)
    ]
    return dict(reading.chances)


def _alone(points: Mapping[str, float]) -> dict[str, float]:
    """Rules without a model: the share of all that was said, with something left for what no rule knows."""
    said = {code: weight for code, weight in points.items() if weight > 0}
    whole = sum(said.values()) + UNSAID
    return {code: weight / whole for code, weight in said.items()}


def _together(points: Mapping[str, float], learnt: Mapping[str, float]) -> dict[str, float]:
    """Rules move the odds that a model gives."""
    odds = {
        code: max(learnt.get(code, 0.0), UNKNOWN) * math.exp(FORCE * points.get(code, 0.0))
        for code in {*learnt, *points}
    }
    whole = sum(odds.values())
    return {code: value / whole for code, value in odds.items()}


_lock = Lock()
_held: tuple[int, dict[str, Classifier]] = (-1, {})


def classifier(scheme: str, book: Rulebook) -> Classifier:
    """The rules and the model in use; read once for each edition (its triggers watch both tables)."""
    global _held
    edition, known = _held
    if edition == book.edition and scheme in known:
        return known[scheme]
    made = _made(scheme)
    with _lock:
        edition, known = _held
        _held = (book.edition, {**(known if edition == book.edition else {}), scheme: made})
    return made


def _made(scheme: str) -> Classifier:
    # Imported at first use: a process that never suggests anything need not hold the dictionaries.
    from zhen.kernel.lib.classifying.model import Unreadable, load

    rows = KeywordRule.objects.filter(category__scheme=scheme).select_related("category").order_by("-weight", "pk")
    rules = tuple((fold(row.word), row) for row in rows)
    used = TextModel.objects.filter(scheme=scheme, used=True).first()
    if used is None:
        return Classifier(rules)
    try:
        return Classifier(rules, used.version, load(bytes(used.blob)))
    except Unreadable as fault:
        # After an update that cuts texts otherwise: rules go on, the weekly job trains anew.
        log.warning("The model %s cannot be read (%s): rules alone suggest until it is trained again", used, fault)
        return Classifier(rules)
