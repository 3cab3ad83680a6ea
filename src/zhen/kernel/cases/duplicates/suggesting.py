"""`similar`: reports near a new one that may be about the same thing. Suggestions only; a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CASE_TYPES, Visibility
from zhen.kernel.cases.models import Case, Category, Link
from zhen.kernel.cases.queries.cases import readable
from zhen.kernel.cases.rulebook import Rulebook, rulebook
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.searching import api as searching

OPEN_FOR = timedelta(days=60)
CLOSED_WITHIN = timedelta(days=7)
COMPARED = 120
"""How many reports are compared at most, the newest first: what lies near and is open is seldom more."""
COMPARED_BY = (
    "number", "type", "state", "title", "text", "category_id", "lon", "lat", "received_at", "followers",
)  # fmt: skip
SHOWN = 5
ROUNDED_TO = 10  # metres, for the public


@dataclass(frozen=True, kw_only=True)
class NewReport:
    """A report that is about to be made, or one that has come in."""

    case_type: str
    title: str
    text: str = ""
    category: Category | None = None
    point: tuple[float, float] | None = None
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Similar:
    """A case that may be about the same thing. `followers` counts who reported or follows it beside its reporter."""

    case: Case
    score: float
    reasons: tuple[searching.Part, ...]
    shared: tuple[str, ...]
    metres: float | None
    followers: int


@dataclass(frozen=True, kw_only=True)
class PublicSimilar:
    """What a resident is told about another's report: nothing that somebody wrote, and no exact place."""

    number: str
    category: str
    state: str
    metres: int | None
    received: date
    reports: int


def similar(actor: Actor, new: NewReport, *, leave_out: Iterable[int] = ()) -> tuple[Similar, ...]:
    """For staff: open reports near, and those closed in the last week, the likeliest first."""
    rows = readable(actor, [new.case_type]).exclude(pk__in=list(leave_out))
    least = searching.POSSIBLE
    return _likeliest(new, [*_open(rows, new, least), *_closed(rows, new, least)], least)


def similar_to(actor: Actor, case: Case) -> tuple[Similar, ...]:
    """For the dispatcher: what a received case may repeat. Cases already linked to it as repeats are left out."""
    repeats = Link.objects.filter(kind=Link.Kind.REPEAT, target=case).values_list("case_id", flat=True)
    return similar(actor, new_of(case), leave_out=[case.pk, *repeats])


def similar_for_public(new: NewReport) -> tuple[PublicSimilar, ...]:
    """For the portal, before a report is sent: open reports that the town shows, without anybody's words."""
    type_ = CASE_TYPES[new.case_type]
    if type_.visibility is not Visibility.PUBLIC or new.point is None:
        return ()
    rows = Case.objects.filter(type=type_.id, visible=True).only(*COMPARED_BY)
    categories = rulebook().categories
    least = searching.LIKELY
    return tuple(_public(found, categories) for found in _likeliest(new, _open(rows, new, least), least))


def new_of(case: Case) -> NewReport:
    point = (case.lon, case.lat) if case.lon is not None and case.lat is not None else None
    return NewReport(
        case_type=case.type,
        title=case.title,
        text=case.text,
        category=case.category,
        point=point,
        at=case.received_at,
    )


def _open(rows: QuerySet[Case], new: NewReport, least: float) -> list[Case]:
    near = _near(rows, new, least)
    if near is None:
        return []
    return list(near.filter(open=True, received_at__gte=new.at - OPEN_FOR).order_by("-received_at", "-pk")[:COMPARED])


def _closed(rows: QuerySet[Case], new: NewReport, least: float) -> list[Case]:
    near = _near(rows, new, least)
    if near is None:
        return []
    since = new.at - CLOSED_WITHIN
    return list(near.filter(open=False, received_at__gte=since).order_by("-received_at", "-pk")[:COMPARED])


def _near(rows: QuerySet[Case], new: NewReport, least: float) -> QuerySet[Case] | None:
    """The cases around that may score `least`, of the same family; `None` where nobody said where it is.

    The cells lead through the index. A repeat points at its original, so it is not offered as one.
    """
    if new.point is None:
        return None
    reach = searching.reach(least)
    disk = geometry.disk(*new.point, reach)
    cells = {geometry.parent(cell, 9) if disk.resolution > 9 else cell for cell in disk.cells}
    box = geometry.Box.around(*new.point, reach)
    rows = rows.filter(
        h3_9__in=sorted(cells), lon__gte=box.west, lon__lte=box.east, lat__gte=box.south, lat__lte=box.north
    ).exclude(links__kind=Link.Kind.REPEAT)
    if new.category is not None and new.category.family:
        rows = rows.filter(category__family=new.category.family)
    return rows


def _likeliest(new: NewReport, cases: Iterable[Case], least: float) -> tuple[Similar, ...]:
    book = rulebook()
    mine = searching.Reported(
        text=f"{new.title}\n{new.text}",
        at=new.at,
        point=new.point,
        classes=_classes(book, new.category.pk if new.category else None),
    )
    found = [_compared(book, mine, case) for case in cases]
    found = [one for one in found if one.score >= least]
    found.sort(key=lambda one: (-one.score, -one.case.pk))
    return tuple(found[:SHOWN])


def _compared(book: Rulebook, mine: searching.Reported, case: Case) -> Similar:
    point = (case.lon, case.lat) if case.lon is not None and case.lat is not None else None
    other = searching.Reported(
        text=f"{case.title}\n{case.text}", at=case.received_at, point=point, classes=_classes(book, case.category_id)
    )
    alike = searching.likeness(mine, other, OPEN_FOR)
    return Similar(
        case=case,
        score=alike.score,
        reasons=alike.parts,
        shared=alike.shared,
        metres=alike.metres,
        followers=case.followers,
    )


def _classes(book: Rulebook, category_id: int | None) -> tuple[str, ...]:
    """The codes of a class and those above it, and its family at the end."""
    if category_id is None:
        return ()
    rows = [book.categories[node] for node in book.lineage(category_id) if node is not None]
    family = rows[0].family or rows[-1].code
    return tuple(dict.fromkeys((*(row.code for row in rows), family)))


def _public(found: Similar, categories: Mapping[int, Category]) -> PublicSimilar:
    case = found.case
    category = categories.get(case.category_id or 0)
    state = CASE_TYPES[case.type].state(case.state)
    return PublicSimilar(
        number=case.number,
        category=category.name if category else "",
        state=str(state.public or state.name),
        metres=None if found.metres is None else max(ROUNDED_TO, round(found.metres / ROUNDED_TO) * ROUNDED_TO),
        received=case.received_at.astimezone(clock.TOWN_ZONE).date(),
        reports=1 + case.followers,
    )
