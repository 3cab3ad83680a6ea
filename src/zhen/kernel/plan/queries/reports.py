"""Frozen reports as they were frozen: they open to the same evidence, whatever has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.pages.api import Missing
from zhen.kernel.plan.digests import digest
from zhen.kernel.plan.models import Report, ReportLine, ReportRow
from zhen.kernel.plan.queries.overview import VIEW


@dataclass(frozen=True, kw_only=True)
class FrozenRows:
    rows: Sequence[ReportRow]
    total: int
    page: int
    pages: int


def reports(actor: Actor) -> QuerySet[Report]:
    return restrict(actor, VIEW, Report.objects.select_related("document")).order_by("-as_of", "-id")


def report_for(actor: Actor, report_id: int) -> Report:
    report = restrict(actor, VIEW, Report.objects.select_related("document", "version")).filter(pk=report_id).first()
    if report is None:
        raise Missing
    return report


def lines_of_report(actor: Actor, report: Report) -> QuerySet[ReportLine]:
    return restrict(actor, VIEW, ReportLine.objects.filter(report=report)).order_by("order")


def frozen_rows(actor: Actor, report: Report, order: int, *, page: int = 1, size: int = 50) -> FrozenRows:
    """A page of the records that a line counted. Needs the right to open evidence."""
    actor.require("plan.evidence.view")
    rows = restrict(actor, "plan.evidence.view", ReportRow.objects.filter(line__report=report, line__order=order))
    total = rows.count()
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    found = list(rows.order_by("id")[(page - 1) * size : page * size])
    return FrozenRows(rows=found, total=total, page=page, pages=pages)


def is_intact(report: Report) -> bool:
    """Whether lines and records still are what was frozen (the database refuses changes; this proves it)."""
    lines = report.lines.order_by("order").prefetch_related(Prefetch("rows", ReportRow.objects.order_by("id")))
    return digest((line, [(row.part, row) for row in line.rows.all()]) for line in lines) == report.sha256
