"""What control needs to know of a paper: its number, amount, department, who asked for it and where its page is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhen.kernel.lib import clock
from zhen.packs.finance import rights
from zhen.packs.finance.control.models import PaperKind
from zhen.packs.finance.models import Change, FundingPlan, Payment


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A kind of paper: its model, the page that shows it, and the permission to decide on it."""

    kind: PaperKind
    model: type[Any]
    page: str
    decide: str
    title: Callable[[Any], str]
    unit: Callable[[Any], int]

    def url(self, key: object) -> str:
        return f"/desk/finance/{self.page}/{key}/"


def _line_unit(change: Change) -> int:
    line = change.after or change.before
    assert line is not None  # held by the constraint finance_change_some_line
    return line.unit_id


PAPERS = {
    paper.kind: paper
    for paper in (
        Paper(
            kind=PaperKind.PAYMENT,
            model=Payment,
            page="payments",
            decide=rights.APPROVE,
            title=lambda payment: f"{payment.purpose} {payment.payee}",
            unit=lambda payment: payment.line.unit_id,
        ),
        Paper(
            kind=PaperKind.CHANGE,
            model=Change,
            page="changes",
            decide=rights.DECIDE_CHANGE,
            title=lambda change: change.reason,
            unit=_line_unit,
        ),
        Paper(
            kind=PaperKind.PLAN,
            model=FundingPlan,
            page="plans",
            decide=rights.DECIDE_PLAN,
            title=lambda plan: f"{plan.line.name} {plan.month}",
            unit=lambda plan: plan.line.unit_id,
        ),
    )
}
_BY_MODEL = {paper.model: paper for paper in PAPERS.values()}


def paper_of(subject: Any) -> Paper:
    return _BY_MODEL[type(subject)]


def number(subject: Any) -> str:
    return str(subject)[:60]


def asked_on(subject: Any) -> date:
    """The day a paper was asked for; a plan keeps none: it is today's when its steps are laid down."""
    at = getattr(subject, "asked_at", None)
    return at.astimezone(clock.TOWN_ZONE).date() if at else clock.today()
