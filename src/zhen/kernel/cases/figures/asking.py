"""Asking for figures: what is wanted, how far the reader reaches, and from which sums it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet

from zhen.kernel.access.api import Actor, ActorKind, Reach, restrict
from zhen.kernel.cases.figures import sums
from zhen.kernel.cases.figures.areas import LEVELS, Atlas, atlas
from zhen.kernel.cases.figures.keeping import fetched
from zhen.kernel.cases.figures.periods import Period, Piece, Step, pieces, start_of
from zhen.kernel.cases.figures.rules import BY_DUE_DAY
from zhen.kernel.cases.figures.tables import COUNTED_AS, Numbers
from zhen.kernel.cases.models import Tally, TallySum
from zhen.kernel.cases.queries import types_for
from zhen.kernel.cases.rulebook import Rulebook

VIEW = "cases.figures.view"
Grain = TallySum.Grain
BY_MONTH = (
    Grain.UNIT_MONTH,
    Grain.SOURCE_MONTH,
    Grain.AREA_ONLY_MONTH,
    Grain.PLACE_MONTH,
    Grain.AREA_MONTH,
    Grain.HEXAGON_MONTH,
)
DAILY = (Grain.SOURCE_DAY, Grain.AREA_DAY, Grain.UNIT_DAY)
GROUPS = frozenset({"unit", "category", "area", "source", "h3_9", "type"})


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked for. Empty sides do not narrow; `area` is a place's id at any level, 0 for a unit or class is none.

    `categories` are the classes and all below them, resolved by `of_class`.
    """

    period: Period
    today: date
    types: tuple[str, ...]
    units: frozenset[int] | None = None
    area: int | None = None
    categories: frozenset[int] | None = None
    source: str | None = None
    h3_9: int | None = None

    def over(self, period: Period) -> Question:
        return replace(self, period=period)


def of_class(book: Rulebook, category_id: int) -> frozenset[int]:
    """A class and all below it."""
    return frozenset(node for node in book.categories if category_id in book.lineage(node))


@dataclass(frozen=True)
class Scope:
    """What a reader may count: None is no limit; else any of the alternatives of units or areas."""

    units: frozenset[int] | None = None
    areas: frozenset[int] | None = None
    mixed: bool = False

    @classmethod
    def of(cls, actor: Actor) -> Scope:
        if actor.kind is ActorKind.SYSTEM:
            return cls()
        grants = actor.grants_for(VIEW)
        if any(grant.reach is Reach.TOWN for grant in grants):
            return cls()
        units = [grant.units or frozenset() for grant in grants if grant.reach is Reach.UNIT]
        areas = [grant.areas or frozenset() for grant in grants if grant.reach is Reach.AREA]
        return cls(
            frozenset().union(*units) if units or not areas else None,
            frozenset().union(*areas) if areas else None,
            bool(units and areas),
        )


@dataclass(frozen=True)
class Asked:
    """A question with its reader: makes the same conditions for sums, for tallies, and for the rows of evidence."""

    actor: Actor
    question: Question
    scope: Scope
    atlas: Atlas

    @classmethod
    def by(cls, actor: Actor, question: Question) -> Asked:
        """Raises Denied where the actor may not read figures at all."""
        actor.require(VIEW)
        known = {type_.id for type_ in types_for(actor)}
        question = replace(question, types=tuple(type_ for type_ in question.types if type_ in known))
        return cls(actor, question, Scope.of(actor), atlas())

    def narrowed(self) -> frozenset[str]:
        """The dimensions that a reading needs because something limits them."""
        asked, scope = self.question, self.scope
        sides = {
            "unit": asked.units is not None or scope.units is not None,
            "area": asked.area is not None or scope.areas is not None,
            "category": asked.categories is not None,
            "source": asked.source is not None,
            "h3_9": asked.h3_9 is not None,
        }
        return frozenset(name for name, needed in sides.items() if needed)

    def breaks(self, dims: frozenset[str]) -> tuple[date, ...]:
        return self.atlas.starts if "area" in dims else ()

    def where(self, start: date, end: date) -> tuple[str, list[Any]]:
        """The conditions in SQL; `start` names the day's column there. Nothing in it comes from outside."""
        asked, scope = self.question, self.scope
        parts, params = ["start >= %s", "start < %s", "type = ANY(%s)"], [start, end, list(asked.types)]
        if asked.units is not None:
            parts, params = [*parts, "unit = ANY(%s)"], [*params, list(asked.units)]
        if asked.categories is not None:
            parts, params = [*parts, "category = ANY(%s)"], [*params, list(asked.categories)]
        if asked.source is not None:
            parts, params = [*parts, "source = %s"], [*params, asked.source]
        if asked.h3_9 is not None:
            parts, params = [*parts, "h3_9 = %s"], [*params, asked.h3_9]
        if asked.area is not None:
            parts, params = [*parts, "area = ANY(%s)"], [*params, self.atlas.within(asked.area, start)]
        if scope.mixed:
            parts.append("(unit = ANY(%s) OR area = ANY(%s))")
            params += [list(scope.units or ()), list(scope.areas or ())]
        elif scope.units is not None:
            parts, params = [*parts, "unit = ANY(%s)"], [*params, list(scope.units)]
        elif scope.areas is not None:
            parts, params = [*parts, "area = ANY(%s)"], [*params, list(scope.areas)]
        return " AND ".join(parts), params

    def rows(self) -> QuerySet[Tally]:
        """The same conditions on the tallies themselves, through `restrict`: the evidence of every figure."""
        asked = self.question
        found = restrict(self.actor, VIEW, Tally.objects.filter(type__in=asked.types))
        found = found.filter(day__gte=asked.period.first, day__lte=asked.period.last)
        found = found.exclude(what__in=BY_DUE_DAY, day__gte=asked.today)
        for name, value in (("unit__in", asked.units), ("category__in", asked.categories), ("source", asked.source),
                            ("h3_9", asked.h3_9)):  # fmt: skip
            if value is not None:
                found = found.filter(**{name: value})
        if asked.area is not None:
            found = found.filter(reduce(or_, self._areas(asked.area), Q(pk=None)))
        return found

    def _areas(self, area: int) -> Iterator[Q]:
        for piece in pieces(self.question.period, self.question.today, self.atlas.starts, monthly=False):
            yield Q(day__gte=piece.start, day__lt=piece.end, area__in=self.atlas.within(area, piece.start))


def numbers(
    asked: Asked, *, group: str = "", level: str = "", step: Step | None = None, columns: Sequence[str] = sums.COLUMNS
) -> dict[tuple[Any, date | None], Numbers]:
    """The sums of each group and step in one query. `group` is one of GROUPS; for areas at a `level`."""
    dims = asked.narrowed() | ({group} if group and group != "type" else set())
    monthly = step not in (Step.DAY, Step.WEEK)
    cut = pieces(asked.question.period, asked.question.today, asked.breaks(dims), monthly=monthly)
    texts, params = [], []
    for number, piece in enumerate(cut):
        text, given = _text(asked, piece, dims, group, step, columns)
        texts.append(text.replace("PIECE", str(number)))
        params += given
    found: dict[tuple[Any, date | None], Numbers] = {}
    for number, key, at, *values in fetched(" UNION ALL ".join(texts), params):
        named = asked.atlas.above(key, level, cut[number].start) if level else key
        begins = start_of(at, step) if step else None
        found[named, begins] = found.get((named, begins), Numbers()).plus(dict(zip(columns, values, strict=True)))
    return found


def total(asked: Asked, columns: Sequence[str] = sums.COLUMNS) -> Numbers:
    return numbers(asked, columns=columns).get((None, None), Numbers())


def _source(piece: Piece, dims: frozenset[str], columns: Sequence[str]) -> int | None:
    """The smallest sums that keep what is needed, or None: then the tallies are counted."""
    for grain in BY_MONTH if piece.monthly else DAILY:
        if dims <= sums.KEPT[grain] and (grain != Grain.HEXAGON_MONTH or tuple(columns) == ("received",)):
            return int(grain)
    return None


def _text(
    asked: Asked, piece: Piece, dims: frozenset[str], group: str, step: Step | None, columns: Sequence[str]
) -> tuple[str, list[Any]]:
    """The query of one piece. Column and table names come from this file's own lists only."""
    key = group if group in GROUPS else "NULL::bigint"
    at = f"date_trunc('{step.value}', start)::date" if step else "NULL::date"
    grain = _source(piece, dims, columns)
    where, params = asked.where(piece.start, piece.end)
    if grain is None:
        tables, what = "(SELECT day AS start, tally.* FROM cases_tally tally) tallies", sums.MEASURES
        wanted = [number for number, column in sums.COUNTERS.items() if column in columns]
        if len(wanted) == len(columns):
            where, params = f"{where} AND what = ANY(%s)", [*params, wanted]
    else:
        tables, what = "cases_tallysum", {column: f"sum({column})" for column in sums.COLUMNS}
        where = f"grain = {grain} AND {where}"
    late = frozenset(sums.COUNTERS[one] for one in BY_DUE_DAY)
    values = []
    today: list[Any] = []
    for column in columns:
        text = what[column]
        if column in late and not piece.monthly and piece.end > asked.question.today:
            if "FILTER (WHERE " in text:
                text = text.replace("FILTER (WHERE ", "FILTER (WHERE start < %s AND ")
            else:
                text = f"{text} FILTER (WHERE start < %s)"
            today.append(asked.question.today)
        values.append(f"coalesce({text}, 0)::bigint")
    query = f"SELECT PIECE, {key}, {at}, {', '.join(values)} FROM {tables} WHERE {where} GROUP BY 2, 3"  # noqa: S608
    return query, [*today, *params]


def evidence(actor: Actor, question: Question, measure: str) -> QuerySet[Tally]:
    """The rows that a number counted, as many as the number says: newest first, each with its case."""
    rows = Asked.by(actor, question).rows().filter(what__in=COUNTED_AS[measure])
    return rows.select_related("case").order_by("-day", "-id")


def level_of(kind: str) -> str:
    return kind if kind in LEVELS else ""


Found = Mapping[tuple[Any, date | None], Numbers]
