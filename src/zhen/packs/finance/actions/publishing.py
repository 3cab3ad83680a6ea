"""Publishing a budget and its final accounts: an act of somebody, on a day; what was published does not change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import rights
from zhen.packs.finance.classification import THRIFT, economic_of, function_of
from zhen.packs.finance.models import Budget, BudgetLine, Publication

Named = Callable[[Any], str]


@action(rights.PUBLISH)
def publish(actor: Actor, budget: Budget, *, kind: str) -> Publication:
    """Publish the approved budget, or its final accounts once the year is closed. Each once.

    Raises Refused where it is not approved, or the year is not closed; Outdated where it is published.
    """
    rows = Budget.objects.select_for_update(of=("self",)).select_related("book__unit")
    held = actionable(actor, rights.PUBLISH, rows).get(pk=budget.pk)
    if held.state != Budget.State.APPROVED:
        raise Refused(
            field=_("budget"),
            value=held,
            reason=_("the congress has not approved it yet"),
            remedy=_("Publish it after the approval, within twenty days"),
        )
    accounts = kind == Publication.Kind.ACCOUNTS
    if accounts and held.book.periods.filter(closed_at=None).exists():
        raise Refused(
            field=_("books"),
            value=held.book,
            reason=_("the year is not closed yet"),
            remedy=_("Close the year first"),
        )
    if Publication.objects.filter(budget=held, kind=kind).exists():
        raise Outdated(
            field=_("budget"),
            value=held,
            reason=_("it is published already"),
            remedy=_("Look at what was published"),
        )
    lines = list(BudgetLine.objects.filter(budget=held, quota__isnull=False).select_related("unit", "quota"))
    spent = _spent(lines) if accounts else {}
    made = Publication.objects.create(
        budget=held,
        kind=kind,
        published_at=clock.now(),
        published_by_id=actor.user_id,
        total=sum(spent.values()) if accounts else sum(line.amount for line in lines),
        tables=_tables(lines, spent if accounts else None),
    )
    journal.record(
        "finance.budget_published",
        by=actor,
        subject=held,
        unit=held.book.unit_id,
        data={"what": str(made), "amount": str(Money(made.total))},
    )
    return made


def _spent(lines: Sequence[BudgetLine]) -> dict[int, int]:
    """By line, what its payment quotas have spent."""
    quotas = BudgetLine.objects.filter(pk__in=[line.pk for line in lines]).values_list("pk", "quota__parts__spent")
    found: dict[int, int] = {}
    for line, spent in quotas:
        found[line] = found.get(line, 0) + (spent or 0)
    return found


def _tables(lines: Sequence[BudgetLine], spent: dict[int, int] | None) -> list[dict[str, Any]]:
    thrifty = [line for line in lines if line.economic in THRIFT]
    return [
        _table("functions", "按支出功能分类", lines, lambda line: function_of(line.function), spent),
        _table("economic", "按支出经济分类", lines, lambda line: economic_of(line.economic), spent),
        _table("units", "按部门", lines, lambda line: line.unit.name, spent),
        _table("thrift", "三公经费", thrifty, lambda line: THRIFT[line.economic], spent, every=list(THRIFT.values())),
    ]


def _table(
    id: str,
    title: str,
    lines: Sequence[BudgetLine],
    name: Named,
    spent: dict[int, int] | None,
    *,
    every: Sequence[str] = (),
) -> dict[str, Any]:
    """A row for each name, and the sum last; the final accounts beside the budget where there are some."""
    width = 1 if spent is None else 2
    sums: dict[str, list[int]] = {each: [0] * width for each in every}
    for line in lines:
        row = sums.setdefault(name(line), [0] * width)
        row[0] += line.amount
        if spent is not None:
            row[1] += spent.get(line.pk, 0)
    rows: list[list[Any]] = [[each, *amounts] for each, amounts in (sums.items() if every else sorted(sums.items()))]
    total = [sum(row[column] for row in rows) for column in range(1, width + 1)]
    return {
        "id": id,
        "title": title,
        "heads": ["预算数"] if spent is None else ["预算数", "决算数"],
        "rows": [*rows, ["合计", *total]],
    }
