"""Trying a route on what came in lately: which cases would have gone elsewhere. Nothing is written.

Both sides are the rules as such, the present ones and the proposed: what a dispatcher then decided otherwise is his.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.models import Case, Route
from zhen.kernel.cases.queries import readable
from zhen.kernel.cases.routing.values import Proposal
from zhen.kernel.cases.rulebook import Rulebook, rulebook
from zhen.kernel.lib import clock
from zhen.kernel.places import api as places

DAYS, MOST = 30, 5_000
"""So far back, and at most so many cases, the newest first: a trial answers while somebody waits."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    case: Case
    before: int | None
    after: int | None


@dataclass(frozen=True, kw_only=True)
class Trial:
    """`considered`: the cases to which the route could apply, of those that the reader may see."""

    since: date
    considered: int
    moved: Sequence[Moved]
    cut: bool

    @property
    def flows(self) -> list[tuple[tuple[int | None, int | None], int]]:
        """(from unit, to unit) → cases, the most first."""
        return Counter((one.before, one.after) for one in self.moved).most_common()


def try_out(actor: Actor, proposal: Proposal, now: datetime) -> Trial:
    """Three queries, however many cases there are."""
    book = rulebook()
    since = now - timedelta(days=DAYS)
    rows = readable(actor, [proposal.case_type]).filter(received_at__gte=since, received_at__lt=now)
    if proposal.category_id is not None:
        below = [node for node in book.categories if proposal.category_id in book.lineage(node)]
        rows = rows.filter(category__in=below)
    if proposal.area_id is not None:
        rows = rows.filter(area__in=places.scope_ids(proposal.area_id))
    found = list(rows.only("number", "title", "category_id", "area_id", "received_at", "unit_id")[: MOST + 1])
    cut, found = len(found) > MOST, found[:MOST]
    around = _around({case.area_id for case in found if case.area_id is not None}, now)
    after = _with(book, proposal, since.astimezone(clock.TOWN_ZONE).date())
    moved = []
    for case in found:
        areas = around.get(case.area_id or 0, ())
        old = book.route(proposal.case_type, case.category_id, areas, case.received_at)
        new = after.route(proposal.case_type, case.category_id, areas, case.received_at)
        before, then = (old.unit_id if old else None), (new.unit_id if new else None)
        if before != then:
            moved.append(Moved(case=case, before=before, after=then))
    return Trial(since=since.astimezone(clock.TOWN_ZONE).date(), considered=len(found), moved=moved, cut=cut)


def _around(areas: set[int], now: datetime) -> dict[int, tuple[int, ...]]:
    """For each area itself and those around it, from the smallest, as they lie today."""
    parents = dict(
        places.versions_on(now.astimezone(clock.TOWN_ZONE).date(), *places.AREAS).values_list("place_id", "parent_id")
    )
    found = {}
    for area in areas:
        chain: list[int] = []
        at: int | None = area
        while at is not None and at not in chain:
            chain.append(at)
            at = parents.get(at)
        found[area] = tuple(chain)
    return found


def _with(book: Rulebook, proposal: Proposal, since: date) -> Rulebook:
    """The rules as if the proposal had held all the time, and what it replaces never."""
    row = proposal.row()
    row.pk, row.valid_from = 0, since
    kept: list[Route] = [one for one in book.routes.get(proposal.case_type, ()) if not proposal.replaces(one)]
    return replace(book, routes={**book.routes, proposal.case_type: [*kept, row]})
