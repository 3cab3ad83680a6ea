"""Freezing a report: values, sentences and the very records that were counted, together and for good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.plan.actions.targets import _rounded
from zhen.kernel.plan.declarations import INDICATORS
from zhen.kernel.plan.digests import digest
from zhen.kernel.plan.models import Document, Report, ReportLine, ReportRow, Target
from zhen.kernel.plan.queries.evaluation import CountedRow, Evaluation, evaluate_target, evidence
from zhen.kernel.plan.queries.overview import PromiseView, overview, terms_of
from zhen.kernel.plan.rules import target_standing

FREEZE = "plan.report.freeze"
MOST_ROWS = 200_000
"""How many records one line may count; a larger indicator should sum what it counts by area."""


@dataclass(frozen=True, kw_only=True)
class _Frozen:
    """A line with its records, before it is written."""

    line: ReportLine
    rows: tuple[tuple[str, CountedRow], ...] = ()


@action(FREEZE)
def freeze(actor: Actor, document_id: int, *, title: str = "", on: date | None = None) -> Report:
    """Freeze where a plan stands on a day. Targets are measured anew, so that values and records agree."""
    document = actionable(actor, FREEZE, Document.objects.all()).get(pk=document_id)
    day = on or clock.today()
    seen = overview(actor, document, on=day)
    version = document.versions.order_by("-number").first()
    if version is None or not seen.promises:
        raise Refused(
            field=_("plan"),
            value=document.title,
            reason=_("it has no confirmed promise yet"),
            remedy=_("Review the findings of its text first"),
        )
    chapters = {chapter.id: chapter.title for chapter in seen.chapters}
    targets = Target.objects.select_related("series").in_bulk([p.id for p in seen.promises if p.kind == "target"])
    frozen = [
        _freeze(order, promise, chapters, targets.get(promise.id) if promise.kind == "target" else None, day)
        for order, promise in enumerate(seen.promises, 1)
    ]
    report = Report.objects.create(
        document=document,
        version=version,
        title=(title or _title(document, day))[:200],
        as_of=day,
        frozen_at=clock.now(),
        frozen_by_id=actor.id,
        frozen_by_name=actor.name,
        sha256=digest((f.line, [(part, row) for part, row in f.rows]) for f in frozen),
    )
    for item in frozen:
        item.line.report = report
    ReportLine.objects.bulk_create([item.line for item in frozen])
    ReportRow.objects.bulk_create(_rows(frozen), batch_size=2000)
    journal.record(
        "plan.report.frozen", by=actor, subject=report, data={"title": report.title, "sha256": report.sha256}
    )
    return report


def _title(document: Document, day: date) -> str:
    return f"《{document.title}》执行情况（截至{day.year}年{day.month}月{day.day}日）"


def _freeze(order: int, promise: PromiseView, chapters: dict[int, str], target: Target | None, day: date) -> _Frozen:
    line = ReportLine(
        order=order,
        kind=promise.kind,
        promise_id=promise.id,
        chapter=chapters.get(promise.chapter_id or 0, ""),
        start=promise.start,
        end=promise.end,
        text=promise.text,
        owners=[asdict(owner) for owner in promise.owners],
        due_on=promise.due_on,
        standing=promise.standing,
        note=promise.note,
    )
    if target is None:
        return _Frozen(line=line)
    found = evaluate_target(target, day)
    line.promised, line.unit = promise.promised, target.unit
    line.value, line.reason = _rounded(found.value), found.reason
    line.numerator, line.denominator = _rounded(found.numerator), _rounded(found.denominator)
    line.source, line.source_version = found.source, found.version
    line.formula = _formula(target)
    line.standing = target_standing(terms_of(target), found.value, day, covered=found.period.end)
    rows = tuple(_evidence(target, found, day))
    return _Frozen(line=line, rows=rows)


def _formula(target: Target) -> str:
    indicator = INDICATORS.get(target.indicator) if target.indicator else None
    if indicator is not None:
        return str(indicator.formula)
    return f"{target.series.name} · {target.get_reading_display()} · {target.series.source}" if target.series else ""


def _evidence(target: Target, found: Evaluation, day: date) -> Iterator[tuple[str, CountedRow]]:
    """The records of both parts; refuses where they no longer are what the value was made of."""
    if found.numerator is None:
        return
    indicator = INDICATORS.get(target.indicator) if target.indicator else None
    counting = indicator is not None and indicator.amount is None
    for part, total in (("numerator", found.numerator), ("denominator", found.denominator)):
        rows = evidence(target, day, "numerator" if part == "numerator" else "denominator", limit=MOST_ROWS + 1)
        if len(rows) > MOST_ROWS:
            raise Refused(
                field=_("target"),
                value=target.text,
                reason=_("its value counts more than 200,000 records"),
                remedy=_("Bind it to an indicator that sums them by area"),
            )
        if counting and total is not None and total != len(rows):
            raise Outdated(
                field=_("target"),
                value=target.text,
                reason=_("records changed while the report was being frozen"),
                remedy=_("Freeze it again"),
            )
        for row in rows:
            yield part, row


def _rows(frozen: Iterable[_Frozen]) -> Iterator[ReportRow]:
    for item in frozen:
        for part, row in item.rows:
            yield ReportRow(
                line=item.line,
                part=part,
                model=row.model,
                row_id=row.id,
                label=row.label,
                amount=row.amount,
                url=row.url,
            )
