"""What Zhen proposes for a case that has just come in: its class, and what it may repeat. Somebody decides."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Similar, Suggestion
from zhen.web.cases.rows import url_of
from zhen.web.cases.work import Work

SURE = 0.6
"""From here on another class than the chosen one is worth a second look."""


def hints_of(work: Work) -> dict[str, Any]:
    """For whoever may act on them, as long as nobody has looked at the case."""
    if work.case.state != work.type.initial.id:
        return {}
    return {
        "suggestions": _suggestions(work) if work.may("edit") else [],
        "similar": similar_rows(cases.similar_to(work.actor, work.case)) if work.may("link") else [],
    }


def _suggestions(work: Work) -> list[dict[str, Any]]:
    refused = {event.data["suggested"] for event in work.events if event.kind == cases.REFUSED}
    case = work.case
    found = cases.suggest(f"{case.title}\n{case.text}", work.type, work.book)
    if case.category_id is not None and (not found or found[0].confidence < SURE):
        return []
    others = [one for one in found if one.category.pk not in refused | {case.category_id}]
    return suggestion_rows(others[:1] if case.category_id is not None else others)


def suggestion_rows(found: Iterable[Suggestion]) -> list[dict[str, Any]]:
    return [
        {
            "id": one.category.pk,
            "name": one.category.name,
            "percent": round(100 * one.confidence),
            "reason": one.reason,
        }
        for one in found
    ]


def similar_rows(found: Iterable[Similar]) -> list[dict[str, Any]]:
    return [
        {
            "case": one.case,
            "url": url_of(one.case),
            "state": cases.CASE_TYPES[one.case.type].state(one.case.state).name,
            "metres": None if one.metres is None else round(one.metres),
            "reports": 1 + one.followers,
            "words": "、".join(one.shared[:4]),
        }
        for one in found
    ]
