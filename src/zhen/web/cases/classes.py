"""What a form of a report offers: kinds of case, and their classes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES, CaseType, Rulebook
from zhen.web.cases.inbox import ordered_classes

Choices = Sequence[tuple[Any, Any]]


def reportable(actor: Actor) -> list[CaseType]:
    """The kinds of case that the public reports, as far as this actor may report them as a part of his work."""
    return [type_ for type_ in CASE_TYPES if type_.scheme and type_.public_intake and actor.may(type_.powers.create)]


def class_choices(type_: CaseType, book: Rulebook, day: date) -> Choices:
    """The lowest classes of the type's scheme that hold on a day, grouped by the one above."""
    return _grouped(type_.scheme, book, day) if type_.scheme else []


@lru_cache(maxsize=20)
def _grouped(scheme: str, book: Rulebook, day: date) -> Choices:
    groups: dict[str, list[tuple[int, str]]] = {}
    for row in ordered_classes(book, {scheme}):
        holds = row.valid_from <= day and (row.valid_to is None or day < row.valid_to)
        above = book.categories.get(row.parent_id) if row.parent_id is not None else None
        if row.leaf and holds:
            groups.setdefault(above.name if above else "", []).append((row.pk, row.name))
    return [(name, rows) for name, rows in groups.items() if name] + list(groups.get("", []))
