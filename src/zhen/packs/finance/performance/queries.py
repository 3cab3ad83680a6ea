"""Reading objectives, restricted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Missing
from zhen.kernel.plan.api import INDICATORS, Period
from zhen.packs.finance import queries as money
from zhen.packs.finance.models.budget import Budget, BudgetLine
from zhen.packs.finance.performance import rights
from zhen.packs.finance.performance.actions import earlier_of
from zhen.packs.finance.performance.models import Measure, Monitoring, Objective
from zhen.packs.finance.performance.rules import TO_RECTIFY

PEOPLE = (
    "line__unit",
    "line__budget__book",
    "line__quota",
    "made_by",
    "approved_by",
    "assessed_by",
    "reviewed_by",
    "case",
)


def objectives(actor: Actor) -> QuerySet[Objective]:
    return restrict(actor, rights.VIEW, Objective.objects.select_related(*PEOPLE))


def objective_for(actor: Actor, key: str) -> Objective:
    return money.one(objectives(actor), key)


def published() -> QuerySet[Objective]:
    """What everybody may read: the results of reviews."""
    return Objective.objects.filter(state=Objective.State.REVIEWED).select_related("line__unit", "line__budget__book")


def measures(actor: Actor) -> QuerySet[Measure]:
    related = ("objective__line__budget__book", "objective__line__unit", "evidence_file")
    return restrict(actor, rights.VIEW, Measure.objects.select_related(*related))


def measure_for(actor: Actor, key: str) -> Measure:
    return money.one(measures(actor), key)


def monitorings(actor: Actor, objective: Objective) -> QuerySet[Monitoring]:
    return restrict(actor, rights.VIEW, Monitoring.objects.filter(objective=objective).select_related("made_by"))


def lines_without(actor: Actor) -> QuerySet[BudgetLine]:
    """Lines in force that have no objective yet."""
    rows = BudgetLine.objects.filter(objective=None, quota__isnull=False).select_related("unit", "budget__book")
    return restrict(actor, rights.SET, rows)


def line_without(actor: Actor, key: str) -> BudgetLine:
    return money.one(lines_without(actor), key)


def counted(measure: Measure) -> Sequence[tuple[str, str]]:
    """The newest rows that a live indicator counts in the year: what each is called, and where it opens."""
    indicator = INDICATORS.get(measure.indicator) if measure.indicator else None
    if indicator is None:
        return ()
    year = Period.year(measure.objective.line.budget.book.year)
    rows: Any = indicator.numerator(year).order_by("-pk")[:50]
    return [(indicator.row_label(row), indicator.row_url(row) if indicator.row_url else "") for row in rows]


def asking_again(actor: Actor) -> list[BudgetLine]:
    """Draft lines whose project had a fair or poor grade the year before, each with that objective as `earlier`."""
    rows = BudgetLine.objects.filter(budget__state=Budget.State.DRAFT).select_related("unit", "budget__book", "plea")
    graded = Objective.objects.filter(grade__in=TO_RECTIFY).select_related("line__budget__book")
    poor = {(one.line.unit_id, one.line.name, one.line.budget.book.year): one for one in graded}
    found = []
    for line in restrict(actor, rights.VIEW, rows):
        earlier = poor.get((line.unit_id, line.name, line.budget.book.year - 1))
        if earlier is not None:
            line.earlier = earlier  # type: ignore[attr-defined]
            found.append(line)
    return found


def draft_line(actor: Actor, key: str) -> BudgetLine:
    rows = BudgetLine.objects.filter(budget__state=Budget.State.DRAFT).select_related("budget__book")
    line = money.one(restrict(actor, rights.SET, rows), key)
    if earlier_of(line) is None:
        raise Missing(key)
    return line
