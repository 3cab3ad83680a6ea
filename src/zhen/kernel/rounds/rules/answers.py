"""Answers to a checklist: checked all at once, scored, and what of them is a finding.

An answer is named by its path: `exit_free`, or `rooms.2.alarm` for the third entry of the list `rooms`. Answers come as
JSON: a word, a number, the name of who signs, or a list of entries. A photo is no answer but a file under its path.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from zhen.kernel.forms.api import Faulty
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.rounds.declarations import NOT_APPLICABLE, NUMBERS, FindingRule, Item, ItemKind, answers_to

MOST_ENTRIES = 50
LONGEST_NAME = 60


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An item that was asked, under its path, with its answer; None where it was left out."""

    path: str
    item: Item
    answer: Any


@dataclass(frozen=True, kw_only=True)
class Found:
    """An answer that is a finding."""

    path: str
    item: Item
    rule: FindingRule


@dataclass(frozen=True, kw_only=True)
class Score:
    """Points earned of the points that could be earned; None where nothing is scored."""

    earned: int
    most: int

    @property
    def share(self) -> float | None:
        """In per cent."""
        return round(100 * self.earned / self.most, 1) if self.most else None


def asked(items: Sequence[Item], answers: Mapping[str, Any], *, prefix: str = "") -> Iterator[Asked]:
    """Every item whose condition holds, in the order of the checklist; those of a list once for each entry."""
    for item in items:
        if item.when is not None and not item.when.match.fits(answers.get(item.when.item)):
            continue
        answer = answers.get(item.id)
        yield Asked(path=prefix + item.id, item=item, answer=answer)
        if item.kind is ItemKind.LIST and isinstance(answer, list):
            for number, entry in enumerate(answer):
                if isinstance(entry, Mapping):
                    yield from asked(item.items, entry, prefix=f"{prefix}{item.id}.{number}.")


def check(items: Sequence[Item], answers: Mapping[str, Any], photos: Collection[str]) -> dict[str, Any]:
    """The answers as they are kept: without those that were not asked for.

    `photos` are the paths under which files came. Raises Faulty with every fault at once, by path.
    """
    every = list(asked(items, answers))
    faults = {one.path: fault for one in every if (fault := _fault_of(one, photos)) is not None}
    known = {one.path for one in every}
    for path in sorted(set(photos) - known):
        faults[path] = Refused(field=path, value="", reason=_("nothing was asked there"), remedy=_("Leave it out"))
    if faults:
        raise Faulty(faults)
    return _kept(items, answers)


def _kept(items: Sequence[Item], answers: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for item in items:
        answer = answers.get(item.id)
        if answer in (None, "", []) or (
            item.when is not None and not item.when.match.fits(answers.get(item.when.item))
        ):
            continue
        kept[item.id] = [_kept(item.items, entry) for entry in answer] if item.kind is ItemKind.LIST else answer
    return kept


def _fault_of(one: Asked, photos: Collection[str]) -> Refused | None:
    item, answer = one.item, one.answer
    if item.kind is ItemKind.PHOTO:
        return _missing_photo(one) if item.needed and one.path not in photos else None
    if answer in (None, "", []):
        missing = _refused(one, _("it is not answered"), _("Answer it"))
        return missing if item.needed else None
    return _wrong(one) or (_missing_photo(one) if item.shown.fits(answer) and one.path not in photos else None)


def _wrong(one: Asked) -> Refused | None:
    """What is wrong with an answer that was given."""
    item, answer = one.item, one.answer
    if item.kind in NUMBERS:
        return _wrong_number(one)
    if item.kind is ItemKind.LIST:
        whole = isinstance(answer, list) and all(isinstance(entry, Mapping) for entry in answer)
        if not whole or len(answer) > MOST_ENTRIES:
            most = {"most": MOST_ENTRIES}
            return _refused(one, _("it is no list of at most %(most)s entries") % most, _("Send fewer"))
        return None
    if item.kind is ItemKind.SIGNATURE:
        fits = isinstance(answer, str) and 0 < len(answer.strip()) <= LONGEST_NAME and "\x00" not in answer
        return None if fits else _refused(one, _("it is no name"), _("Write the name of who signs"))
    if not isinstance(answer, str) or answer not in answers_to(item):
        return _refused(one, _("it is none of the choices"), _("Choose from the list"))
    return None


def _wrong_number(one: Asked) -> Refused | None:
    item, answer = one.item, one.answer
    if not isinstance(answer, int | float) or isinstance(answer, bool) or not math.isfinite(answer):
        return _refused(one, _("it is no number"), _("Write digits, with a point for decimals"))
    if item.low is not None and answer < item.low:
        return _refused(one, _("it is too small"), _("Give at least %(limit)s") % {"limit": f"{item.low:g}"})
    if item.high is not None and answer > item.high:
        return _refused(one, _("it is too large"), _("Give at most %(limit)s") % {"limit": f"{item.high:g}"})
    return None


def _missing_photo(one: Asked) -> Refused:
    return _refused(one, _("there is no photo of it"), _("Take one"))


def _refused(one: Asked, reason: str, remedy: str) -> Refused:
    return Refused(field=one.item.text, value="" if one.answer is None else one.answer, reason=reason, remedy=remedy)


def findings(items: Sequence[Item], answers: Mapping[str, Any]) -> list[Found]:
    """What of the answers is a finding, in the order of the checklist; each answer is one at most."""
    found = []
    for one in asked(items, answers):
        rule = next((rule for rule in one.item.findings if one.answer is not None and rule.on.fits(one.answer)), None)
        if rule is not None:
            found.append(Found(path=one.path, item=one.item, rule=rule))
    return found


def score(items: Sequence[Item], answers: Mapping[str, Any]) -> Score:
    """What was asked and does apply, counted."""
    counted = [one for one in asked(items, answers) if one.item.points and one.answer not in (None, NOT_APPLICABLE)]
    earned = sum(one.item.points for one in counted if one.item.good.fits(one.answer))
    return Score(earned=earned, most=sum(one.item.points for one in counted))
