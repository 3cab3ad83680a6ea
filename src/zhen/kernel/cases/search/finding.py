"""`find`: the cases that answer what somebody typed, as far as he may read them, with the reasons.

The newest cases that answer are a window of at most WINDOW; they are ranked within it, and the next pages go on in the
window and then in the next one. So no page, however common its words, costs more than another.
"""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import Visibility
from zhen.kernel.cases.models import Case
from zhen.kernel.cases.queries.cases import readable, types_for
from zhen.kernel.cases.search.candidates import END_OF_TIME, Place, Weeks, newest, weeks
from zhen.kernel.cases.search.vocabulary import Counted
from zhen.kernel.lib import clock
from zhen.kernel.lib.searching import api as searching

PAGE = 20
WINDOW = 60
FEW = 5
"""Fewer answers than these, and the query is looked at again: it may have been meant otherwise."""
LOOKED_THROUGH = ((60, 240, 960, 1_600), (60, 240), (60, 200))
"""How many candidates are read one after another in each stage, for a reader who may read only some of them."""


@dataclass(frozen=True, kw_only=True)
class SearchFilters:
    """What the desk's list is narrowed to. `rows` is a condition on cases; times are of receipt (`until` included)."""

    types: tuple[str, ...] | None = None
    rows: Q | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class CaseHit:
    """A case that was found, and why it stands where it stands."""

    case: Case
    rank: searching.Rank


@dataclass(frozen=True, kw_only=True)
class FoundCases:
    """A page of hits, best first. `after` gets the next page, empty on the last one.

    `meant` are the corrections that were searched for too. `back_to` says how far back this window reached, where
    older cases may answer as well.
    """

    hits: tuple[CaseHit, ...]
    after: str = ""
    meant: tuple[str, ...] = ()
    back_to: datetime | None = None


class _Row(NamedTuple):
    pk: int
    number: str
    title: str
    address: str
    text: str
    received_at: datetime


_Ranked = tuple[_Row, searching.Rank]


class _Mark(NamedTuple):
    """Where a page starts: the stage of tolerance, the window's start, and how many hits of it were shown."""

    stage: int
    before: Place
    shown: int


@dataclass(frozen=True, kw_only=True)
class _Window:
    ranked: tuple[_Ranked, ...]
    next: Place | None


def find(actor: Actor, text: str, filters: SearchFilters | None = None, after: str = "") -> FoundCases:
    """The page of cases that answer `text`. A page mark that is not ours begins anew."""
    filters = filters or SearchFilters()
    asked = searching.ask(text)
    mark = _read(after)
    span = weeks(filters.since, filters.until) if asked else None
    if span is None:
        return FoundCases(hits=())
    before = END_OF_TIME if filters.until is None else Place(filters.until + timedelta(microseconds=1), 0)
    mark = mark or _Mark(0, before, 0)
    stages = _Stages(asked)
    rows = _rows(actor, filters)
    window = _window(stages, mark, rows, span)
    first = window.ranked[:0]
    # Only where everything was looked through and little answered; what answered stands first.
    while not after and len(first) + len(window.ranked) < FEW and window.next is None and mark.stage < stages.LAST:
        first += window.ranked
        mark = mark._replace(stage=mark.stage + 1)
        window = _window(stages, mark, rows, span)
    numbered = () if after else _numbered(actor, asked, filters)
    return _page(first, window, mark, stages, numbered)


def newest_ids(text: str, most: int = 1_000) -> list[int]:
    """The newest cases that hold every word of a text, for a list that is narrowed further. No tolerance."""
    asked = searching.ask(text)
    span = weeks(None, None) if asked else None
    if span is None:
        return []
    return [place.case_id for place in newest([searching.required(asked.words)], span, END_OF_TIME, most)]


def narrow(rows: QuerySet[Case], text: str) -> QuerySet[Case]:
    """A list's rows that hold every word, of the newest thousand that do; or the one with that number.

    Numbers are in capitals. Each of the two is found by an index, so what nothing answers is known at once.
    """
    return rows.filter(Q(pk__in=newest_ids(text)) | Q(number=text.strip().upper()))


class _Stages:
    """How a query is searched for: as typed, as it may have been meant, and with something absent.

    A case belongs to the first stage that it answers, and only there.
    """

    LAST = len(LOOKED_THROUGH) - 1

    def __init__(self, asked: searching.Asked) -> None:
        self.asked = asked
        self._meant: tuple[searching.Meant, ...] | None = None

    def meant(self, stage: int) -> tuple[searching.Meant, ...]:
        if stage == 0:
            return ()
        if self._meant is None:
            self._meant = searching.meant_by(self.asked, Counted())
        return self._meant

    def sets(self, stage: int) -> list[tuple[str, ...]]:
        """The sets of terms of which one is enough, to become candidates."""
        match stage:
            case 0:
                found = [searching.required(self.asked.words)]
            case 1:
                found = [searching.required(meant.asked.words) for meant in self.meant(stage)]
            case _:
                found = list(searching.loosened(self.asked))
        return [terms for terms in dict.fromkeys(found) if terms]


def _readable(actor: Actor, filters: SearchFilters) -> QuerySet[Case]:
    """What the reader may read. Types of which every reading is journalled are searched only where they are named."""
    types = filters.types
    if types is None:
        types = tuple(type_.id for type_ in types_for(actor) if type_.visibility is not Visibility.CONFIDENTIAL)
    rows = readable(actor, types) if types else Case.objects.none()
    return rows.filter(filters.rows or Q())


def _rows(actor: Actor, filters: SearchFilters) -> Callable[[Sequence[int]], Iterator[_Row]]:
    readable_rows = _readable(actor, filters)

    def read(ids: Sequence[int]) -> Iterator[_Row]:
        rows = readable_rows.filter(pk__in=ids).order_by("-received_at", "-pk")
        return (_Row(*row) for row in rows.values_list(*_Row._fields))

    return read


def _window(stages: _Stages, mark: _Mark, rows: Callable[[Sequence[int]], Iterator[_Row]], span: Weeks) -> _Window:
    """The newest answers before a place that the reader may read, ranked. `next` is where the next window begins."""
    now, sets, meant = clock.now(), stages.sets(mark.stage), stages.meant(mark.stage)
    before = mark.before
    ranked: list[_Ranked] = []
    for most in LOOKED_THROUGH[mark.stage]:
        places = newest(sets, span, before, most)
        for row in rows([place.case_id for place in places]):
            if len(ranked) == WINDOW:
                break
            before = Place(row.received_at, row.pk)
            rank = searching.rank(_texts(row), stages.asked, meant, row.received_at, now)
            if _stage_of(rank, stages.asked) == mark.stage:
                ranked.append((row, rank))
        if len(ranked) < WINDOW and places:
            before = places[-1]
        if len(places) < most:
            return _window_of(ranked, before if len(ranked) == WINDOW else None)
        if len(ranked) == WINDOW:
            break
    return _window_of(ranked, before)


def _window_of(ranked: list[_Ranked], before: Place | None) -> _Window:
    ranked.sort(key=lambda found: (-found[1].score, -found[0].received_at.timestamp(), -found[0].pk))
    return _Window(ranked=tuple(ranked), next=before)


def _texts(row: _Row) -> dict[searching.Field, str]:
    return {
        searching.Field.TITLE: row.title,
        searching.Field.ADDRESS: row.address,
        searching.Field.TEXT: row.text,
    }


_AS_TYPED = frozenset({searching.How.WHOLE, searching.How.EXACT, searching.How.RECENT})


def _stage_of(rank: searching.Rank, asked: searching.Asked) -> int | None:
    """The stage that a case answers; `None` where it does not answer. In the last one a word may be absent."""
    if not rank.found_anything or len(rank.missed) > (1 if len(asked.words) > 1 else 0):
        return None
    hows = {reason.how for reason in rank.reasons}
    if rank.missed or searching.How.NEAR in hows:
        return 2
    return 0 if hows <= _AS_TYPED else 1


def _numbered(actor: Actor, asked: searching.Asked, filters: SearchFilters) -> tuple[CaseHit, ...]:
    """The case whose number was typed."""
    if not any(char.isdigit() for char in asked.text):
        return ()
    rows = _readable(actor, filters).filter(number=asked.text.upper())
    points = searching.FIELD_WEIGHTS[searching.Field.NUMBER]
    reason = searching.Reason(
        how=searching.How.EXACT, points=points, asked=asked.text, found=asked.text, field=searching.Field.NUMBER
    )
    rank = searching.Rank(score=points, reasons=(reason,))
    return tuple(CaseHit(case=case, rank=rank) for case in rows.select_related("category", "unit", "area"))


def _page(
    first: tuple[_Ranked, ...],
    window: _Window,
    mark: _Mark,
    stages: _Stages,
    numbered: tuple[CaseHit, ...],
) -> FoundCases:
    shown = (*first, *window.ranked[mark.shown : mark.shown + PAGE])
    # The rows were restricted when they were read for ranking.
    cases = Case.objects.select_related("category", "unit", "area").in_bulk([row.pk for row, _rank in shown])
    hits = tuple(CaseHit(case=cases[row.pk], rank=rank) for row, rank in shown if row.pk in cases)
    known = {hit.case.pk for hit in numbered}
    if mark.shown + PAGE < len(window.ranked):
        after = _write(mark._replace(shown=mark.shown + PAGE))
    else:
        after = _write(_Mark(mark.stage, window.next, 0)) if window.next else ""
    return FoundCases(
        hits=(*numbered, *(hit for hit in hits if hit.case.pk not in known)),
        after=after,
        meant=tuple(meant.asked.text for meant in stages.meant(mark.stage)),
        back_to=window.next.at if window.next else None,
    )


_FORM = "<BqqH"


def _write(mark: _Mark) -> str:
    micros = (mark.before.at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    return (
        urlsafe_b64encode(struct.pack(_FORM, mark.stage, micros, mark.before.case_id, mark.shown)).decode().rstrip("=")
    )


def _read(text: str) -> _Mark | None:
    try:
        stage, micros, case_id, shown = struct.unpack(_FORM, urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    except (ValueError, struct.error, OverflowError):
        return None
    return _Mark(min(stage, _Stages.LAST), Place(at, case_id), min(shown, WINDOW))
