"""One promise: for the pages of a measure and of a target, with everything that hangs on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from zhen.kernel.access.api import Actor, actionable, restrict
from zhen.kernel.pages.api import Missing
from zhen.kernel.plan.declarations import INDICATORS, Indicator
from zhen.kernel.plan.models import (
    Contribution,
    Document,
    DocumentVersion,
    Measure,
    Measurement,
    Section,
    Series,
    StateReport,
    Target,
)
from zhen.kernel.plan.queries.evaluation import CountedRow, Part, evidence, evidence_size
from zhen.kernel.plan.queries.overview import (
    RESPONSIBILITIES,
    VIEW,
    PromiseView,
    measure_view,
    target_view,
    with_measurement,
)

EVIDENCE = "plan.evidence.view"
CONTEXT = 60
"""How many characters before and after a promise are shown with it, at least."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """The paragraph in which a promise stands: before, itself, after; and the headings above it."""

    before: str
    text: str
    after: str
    headings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TargetPage:
    target: Target
    view: PromiseView
    context: Context
    asked_on: date
    measurements: tuple[Measurement, ...]
    indicator: Indicator | None
    measure: Measure | None
    contributions: tuple[Contribution, ...]
    may_open_evidence: bool
    may_bind: bool


@dataclass(frozen=True, kw_only=True)
class MeasurePage:
    measure: Measure
    view: PromiseView
    context: Context
    reports: tuple[StateReport, ...]
    targets: tuple[PromiseView, ...]
    carries_out: tuple[Contribution, ...]
    may_report: bool


def document_for(actor: Actor, document_id: int) -> Document:
    document = restrict(actor, VIEW, Document.objects.select_related("parent")).filter(pk=document_id).first()
    if document is None:
        raise Missing
    return document


def versions_of(actor: Actor, document: Document) -> QuerySet[DocumentVersion]:
    """The texts of a plan, newest first."""
    return restrict(actor, VIEW, DocumentVersion.objects.filter(document=document)).order_by("-number")


def sections_of(actor: Actor, version: DocumentVersion) -> QuerySet[Section]:
    return restrict(actor, VIEW, Section.objects.filter(version=version)).order_by("order")


def target_page(actor: Actor, target_id: int, *, on: date) -> TargetPage:
    """A target with its sentence, values and links. Raises `Missing`."""
    rows = restrict(
        actor, VIEW, Target.objects.select_related("document", "version", "section__parent", "series", "measure")
    )
    target = with_measurement(rows, on).prefetch_related(RESPONSIBILITIES).filter(pk=target_id).first()
    if target is None:
        raise Missing
    return TargetPage(
        target=target,
        view=target_view(target, lambda _section: None, on),
        context=context_of(target),
        asked_on=target.measured_day or on,  # type: ignore[attr-defined]  # annotated
        measurements=tuple(target.measurements.order_by("-on", "-id")[:200]),
        indicator=INDICATORS.get(target.indicator) if target.indicator else None,
        measure=target.measure,
        contributions=tuple(
            restrict(actor, VIEW, target.contributions.select_related("measure__document")).order_by("id")
        ),
        may_open_evidence=actor.may(EVIDENCE),
        may_bind=actionable(actor, "plan.target.bind", Target.objects.filter(pk=target_id)).exists()
        if actor.may("plan.target.bind")
        else False,
    )


def measure_page(actor: Actor, measure_id: int, *, on: date) -> MeasurePage:
    """A measure with its sentence, reports and targets. Raises `Missing`."""
    rows = restrict(actor, VIEW, Measure.objects.select_related("document", "version", "section__parent"))
    measure = rows.prefetch_related(RESPONSIBILITIES).filter(pk=measure_id).first()
    if measure is None:
        raise Missing
    targets = with_measurement(restrict(actor, VIEW, measure.targets.select_related("series")), on)
    return MeasurePage(
        measure=measure,
        view=measure_view(measure, lambda _section: None, on),
        context=context_of(measure),
        reports=tuple(restrict(actor, VIEW, measure.reports.all())[:100]),
        targets=tuple(target_view(t, lambda _s: None, on) for t in targets.prefetch_related(RESPONSIBILITIES)),
        carries_out=tuple(restrict(actor, VIEW, measure.contributions.select_related("goal__document"))),
        may_report=actionable(actor, "plan.measure.report", Measure.objects.filter(pk=measure_id)).exists()
        if actor.may("plan.measure.report")
        else False,
    )


def context_of(promise: Measure | Target) -> Context:
    """The line of the text around a promise, with the headings above it."""
    text = promise.version.text
    start = text.rfind("\n", 0, promise.start) + 1
    stop = text.find("\n", promise.end)
    stop = len(text) if stop < 0 else stop
    headings: list[str] = []
    section = promise.section
    while section is not None:
        headings.insert(0, section.title)
        section = section.parent
    return Context(
        before=text[start : promise.start].lstrip(),
        text=text[promise.start : promise.end],
        after=text[promise.end : stop].rstrip(),
        headings=tuple(headings),
    )


@dataclass(frozen=True, kw_only=True)
class EvidencePage:
    rows: Sequence[CountedRow]
    total: int
    page: int
    pages: int


def evidence_page(actor: Actor, target: Target, part: Part, *, on: date, page: int = 1, size: int = 50) -> EvidencePage:
    """A page of the records that a target's value counted. Needs the right to open evidence."""
    actor.require(EVIDENCE)
    total = evidence_size(target, on, part)
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    rows = evidence(target, on, part, offset=(page - 1) * size, limit=size)
    return EvidencePage(rows=rows, total=total, page=page, pages=pages)


def sources_for(actor: Actor) -> list[tuple[str, str]]:
    """What a target can be bound to: (value of the form, words)."""
    actor.require("plan.target.bind")
    declared = [(f"indicator:{indicator.id}", str(indicator.name)) for indicator in INDICATORS]
    series = [(f"series:{row.pk}", row.name) for row in restrict(actor, VIEW, Series.objects.order_by("name_key"))]
    return [*declared, *series]
