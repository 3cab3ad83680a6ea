"""Cases in the search over everything, for the desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.models import Case
from zhen.kernel.cases.queries.cases import types_for
from zhen.kernel.cases.search.finding import find
from zhen.kernel.cases.search.words import why_found
from zhen.kernel.pages.api import Hit, SearchSource

CASE_PAGE = "cases:case"
"""The address of the desk's page for cases of any type."""
FULL_SCORE = 6.0
"""A word in the title of a case received today: as good as a page whose name was typed."""


def url_of(case: Case) -> str:
    """The desk's page of the case, or the one that its type names."""
    detail = CASE_TYPES[case.type].detail
    return (
        reverse(f"page:{detail}", kwargs={"key": case.number})
        if detail
        else reverse(CASE_PAGE, kwargs={"number": case.number})
    )


def hits(actor: Actor, terms: Sequence[str], limit: int) -> Iterable[Hit]:
    """The cases that answer the whole query, which is its first term."""
    if not types_for(actor):
        return ()
    return [
        Hit(
            title=found.case.title,
            url=url_of(found.case),
            kind=CASE_TYPES[found.case.type].name,
            score=min(found.rank.score / FULL_SCORE, 2.0),
            why=why_found(found.rank),
            detail=found.case.number,
        )
        for found in find(actor, terms[0]).hits[:limit]
    ]


SEARCH = SearchSource(id="cases.cases", label=_("Cases"), permission=None, find=hits)
