"""The search over everything: asks each declared source, ranks, and says why something was found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import rjieba
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib.text import fold
from zhen.kernel.pages.api import PAGES, SEARCH_SOURCES, Hit
from zhen.web.addresses import address, needs_key

LONGEST_QUERY = 100
PER_SOURCE = 8
MOST_TERMS = 8


@dataclass(frozen=True, kw_only=True)
class Group:
    """Hits of one source, best first."""

    label: str | Promise
    hits: tuple[Hit, ...]


def terms_of(query: str) -> tuple[str, ...]:
    """The words to look for: traditional characters folded to simplified, Chinese cut into words.

    The whole query stays the first term: an exact match is the best match.
    """
    text = fold(query[:LONGEST_QUERY])
    words = [word for part in re.split(r"\s+", text) for word in rjieba.cut(part) if re.search(r"\w", word)]
    return tuple(dict.fromkeys([text, *words]))[:MOST_TERMS] if text else ()


def initials(text: str) -> str:
    """The first letters of the pinyin, as people type them: 楼宇 → ly."""
    # Imported at first use: its phrases take 57 MB in every process.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER)).casefold()


def find(actor: Actor, query: str, *, limit: int = PER_SOURCE) -> tuple[Group, ...]:
    """All hits that the actor may see, grouped by source, the group with the best hit first."""
    terms = terms_of(query)
    if not terms:
        return ()
    groups = [Group(label=_("Pages"), hits=tuple(_best(pages(actor, terms), limit)))]
    for source in SEARCH_SOURCES:
        if source.permission is None or actor.may(source.permission):
            groups.append(Group(label=source.label, hits=tuple(_best(source.find(actor, terms, limit), limit))))
    return tuple(sorted((group for group in groups if group.hits), key=lambda group: -group.hits[0].score))


def _best(hits: Iterable[Hit], limit: int) -> list[Hit]:
    return sorted(hits, key=lambda hit: (-hit.score, hit.title))[:limit]


def pages(actor: Actor, terms: Sequence[str]) -> Iterable[Hit]:
    """The pages of the menus are a source too."""
    for page in PAGES:
        if not page.menu or needs_key(page) or not (page.permission is None or actor.may(page.permission)):
            continue
        why, score = match(str(page.title), terms)
        if score:
            yield Hit(
                title=str(page.title), url=address(page), kind=_("page"), score=score, why=why, detail=str(page.intro)
            )


def match(text: str, terms: Sequence[str]) -> tuple[str, float]:
    """Why, and how well (0 to 1), a text answers the terms; for sources that look through few rows in Python."""
    folded = fold(text)
    if terms[0] == folded:
        return _("the same words"), 1.0
    if folded.startswith(terms[0]):
        return _("begins with “{term}”").format(term=terms[0]), 0.9
    if terms[0] in folded:
        return _("contains “{term}”").format(term=terms[0]), 0.8
    if re.fullmatch(r"[a-z]+", terms[0]) and initials(folded).startswith(terms[0]):
        return _("pinyin initials {letters}").format(letters=terms[0]), 0.7
    found = [term for term in terms[1:] if term in folded]
    if found and len(found) == len(terms) - 1:
        return _("contains {terms}").format(terms="、".join(f"“{term}”" for term in found)), 0.6
    return "", 0.0
