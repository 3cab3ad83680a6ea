"""The plan at a glance, for the cockpit and the plan page: what was promised and where it stands.

`overview` reads everything in a fixed number of queries, whatever the size of the plan; the functions
beside it give its parts, each with the same few queries.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from django.db.models import Case, OuterRef, Prefetch, QuerySet, Subquery, When

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.plan.declarations import INDICATORS
from zhen.kernel.plan.models import Document, Finding, Measure, Measurement, Responsibility, Section, Target
from zhen.kernel.plan.quantities import plain
from zhen.kernel.plan.rules import SEVERITY, Standing, Terms, measure_standing, target_standing

VIEW = "plan.view"
TREND_DAYS = 28
"""A trend compares with the newest measurement that is at least this much older."""


@dataclass(frozen=True, kw_only=True)
class OwnerName:
    """A unit that answers for a promise; `unit_id` where the town's list of units knows it."""

    name: str
    unit_id: int | None
    lead: bool
    generic: bool


@dataclass(frozen=True, kw_only=True)
class PromiseView:
    """A measure or a target as pages show it. `key` is "measure-12" or "target-3"; `url` opens it.

    `value`, `trend` and `unit` are a target's, in the unit as written; `promised` is what it must reach
    ("≥ 8 万亩"); `why` says why there is no value. `evidence` opens the records that were counted.
    """

    kind: Literal["measure", "target"]
    id: int
    text: str
    start: int
    end: int
    num_start: int | None
    num_end: int | None
    chapter_id: int | None
    section_id: int | None
    measure_id: int | None
    due_on: date
    standing: Standing
    owners: tuple[OwnerName, ...]
    reported_state: str = ""
    note: str = ""
    promised: str = ""
    value: Decimal | None = None
    trend: Decimal | None = None
    unit: str = ""
    why: str = ""
    measured_on: date | None = None
    period: tuple[date, date] | None = None
    source: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.id}"

    @property
    def url(self) -> str:
        return f"/plan/{self.kind}s/{self.id}/"

    @property
    def evidence(self) -> str:
        return f"{self.url}#evidence" if self.value is not None else ""


@dataclass(frozen=True, kw_only=True)
class ChapterView:
    """A chapter of a plan, its promises counted by standing, and itself `title` without its number."""

    id: int
    number: int
    title: str
    measures: int
    targets: int
    measure_standings: Mapping[Standing, int]
    target_standings: Mapping[Standing, int]
    promises: tuple[PromiseView, ...]

    @property
    def standings(self) -> Mapping[Standing, int]:
        return Counter(self.measure_standings) + Counter(self.target_standings)

    @property
    def url(self) -> str:
        return f"#section-{self.id}"


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A plan on a day. `promises` are in the order of the text."""

    document_id: int
    title: str
    years: str
    on: date
    chapters: tuple[ChapterView, ...]
    promises: tuple[PromiseView, ...]

    @property
    def standings(self) -> Mapping[Standing, int]:
        return Counter(promise.standing for promise in self.promises)

    def of(self, *standings: Standing) -> tuple[PromiseView, ...]:
        """The promises in these standings, the most urgent first."""
        return by_urgency(promise for promise in self.promises if promise.standing in standings)

    @property
    def figures(self) -> tuple[PromiseView, ...]:
        """The quantified targets."""
        return tuple(promise for promise in self.promises if promise.kind == "target")


def documents(actor: Actor) -> QuerySet[Document]:
    """The plans that the actor may read, newest first."""
    return restrict(actor, VIEW, Document.objects.all()).order_by("-last_year", "first_year", "title_key")


def current_document(actor: Actor, *, on: date) -> Document | None:
    """The plan in force on a day: a yearly one before others, of that year or the newest before it, published ones
    before drafts. One query."""
    in_force = Case(When(kind=Document.Kind.YEARLY, first_year__lte=on.year, then=0), default=1)
    draft = Case(When(published_at=None, then=1), default=0)
    return documents(actor).order_by(in_force, "-last_year", draft, "first_year", "title_key").first()


def overview(actor: Actor, document: Document, *, on: date) -> Overview:
    """Chapters and promises of a plan with their standing on a day. Six queries."""
    sections = list(
        restrict(actor, VIEW, Section.objects.filter(version__document=document))
        .order_by("version__number", "order")
        .only("id", "parent_id", "level", "title", "version_id")
    )
    chapter_of = _chapters_of(sections)
    promises = (*_measures(actor, document, chapter_of, on), *_targets(actor, document, chapter_of, on))
    ordered = tuple(sorted(promises, key=lambda p: (p.start, -p.end, p.num_start or 0)))
    newest = max((section.version_id for section in sections), default=None)
    chapters = [section for section in sections if section.parent_id is None and section.version_id == newest]
    return Overview(
        document_id=document.pk,
        title=document.title,
        years=document.years,
        on=on,
        chapters=tuple(_chapter(n, section, ordered) for n, section in enumerate(chapters, 1)),
        promises=ordered,
    )


def chapters(actor: Actor, document: Document, *, on: date) -> tuple[ChapterView, ...]:
    """The chapters of a plan with their promises counted by standing. Six queries."""
    return overview(actor, document, on=on).chapters


def attention(
    actor: Actor,
    document: Document,
    *,
    on: date,
    standings: tuple[Standing, ...] = (Standing.OVERDUE, Standing.BEHIND, Standing.DUE_SOON),
    limit: int = 50,
) -> tuple[PromiseView, ...]:
    """What is overdue, behind or due soon, the most urgent first. Six queries."""
    return overview(actor, document, on=on).of(*standings)[:limit]


def figures(actor: Actor, document: Document, *, on: date) -> tuple[PromiseView, ...]:
    """The quantified targets with value, trend and evidence address. Six queries."""
    return overview(actor, document, on=on).figures


def by_urgency(promises: Iterable[PromiseView]) -> tuple[PromiseView, ...]:
    return tuple(sorted(promises, key=lambda p: (SEVERITY[p.standing], p.due_on, p.start)))


def terms_of(target: Target) -> Terms:
    return Terms(
        comparator=target.comparator,
        low=target.value,
        high=target.value_high,
        accumulates=target.course == Target.Course.ACCUMULATES,
        starts=target.starts_on,
        due=target.due_on,
        baseline=target.baseline,
    )


SIGNS = {">=": "≥", "<=": "≤", "multiple": "×"}


def promised(target: Target | Finding) -> str:
    """What a target must reach, as people write it: "≥ 8 万亩", "5—5.5 %"."""
    if target.value is None:
        return ""
    number = plain(target.value)
    if target.comparator == "range":
        number = f"{number}—{plain(target.value_high)}"
    sign = "" if target.comparator in ("=", "range") else SIGNS.get(target.comparator, target.comparator)
    return " ".join(part for part in (sign, number, target.unit) if part)


def owner_names(rows: Iterable[Responsibility]) -> tuple[OwnerName, ...]:
    return tuple(
        OwnerName(
            name=row.unit.name if row.unit else row.written,
            unit_id=row.unit_id,
            lead=row.role == Responsibility.Role.LEAD,
            generic=row.generic,
        )
        for row in rows
    )


RESPONSIBILITIES = Prefetch("responsibilities", Responsibility.objects.select_related("unit").order_by("order"))


def with_measurement(targets: QuerySet[Target], on: date) -> QuerySet[Target]:
    """Targets with the value, day and reason of their newest measurement up to a day, and the one before."""
    until = Measurement.objects.filter(target=OuterRef("pk"), on__lte=on).order_by("-on", "-id")
    month_before = OuterRef("measured_day") - timedelta(days=TREND_DAYS)
    before = until.filter(on__lte=month_before, value__isnull=False)
    return targets.annotate(measured_day=Subquery(until.values("on")[:1])).annotate(
        measured_value=Subquery(until.values("value")[:1]),
        measured_reason=Subquery(until.values("reason")[:1]),
        measured_start=Subquery(until.values("start")[:1]),
        measured_end=Subquery(until.values("end")[:1]),
        value_before=Subquery(before.values("value")[:1]),
    )


def target_view(target: Target, chapter_of: Callable[[int | None], int | None], on: date) -> PromiseView:
    """The view of a target read through `with_measurement` and `RESPONSIBILITIES`."""
    value: Decimal | None = target.measured_value  # type: ignore[attr-defined]  # annotated
    before: Decimal | None = target.value_before  # type: ignore[attr-defined]  # annotated
    reason = target.measured_reason  # type: ignore[attr-defined]  # annotated
    start: date | None = target.measured_start  # type: ignore[attr-defined]  # annotated
    end: date | None = target.measured_end  # type: ignore[attr-defined]  # annotated
    if value is None and not reason:
        bound = bool(target.indicator or target.series_id)
        reason = Measurement.Reason.NO_DATA if bound else Measurement.Reason.UNBOUND
    return PromiseView(
        kind="target",
        id=target.pk,
        text=target.text,
        start=target.start,
        end=target.end,
        num_start=target.num_start,
        num_end=target.num_end,
        chapter_id=chapter_of(target.section_id),
        section_id=target.section_id,
        measure_id=target.measure_id,
        due_on=target.due_on,
        standing=target_standing(terms_of(target), value, on, covered=end),
        owners=owner_names(target.responsibilities.all()),
        promised=promised(target),
        value=value,
        trend=value - before if value is not None and before is not None else None,
        unit=target.unit,
        why="" if value is not None else str(Measurement.Reason(reason).label),
        measured_on=end - timedelta(days=1) if end else None,
        period=(start, end) if start and end else None,
        source=_source(target),
    )


def measure_view(measure: Measure, chapter_of: Callable[[int | None], int | None], on: date) -> PromiseView:
    """The view of a measure read through `RESPONSIBILITIES`."""
    return PromiseView(
        kind="measure",
        id=measure.pk,
        text=measure.text,
        start=measure.start,
        end=measure.end,
        num_start=None,
        num_end=None,
        chapter_id=chapter_of(measure.section_id),
        section_id=measure.section_id,
        measure_id=None,
        due_on=measure.due_on,
        standing=measure_standing(state=measure.state, starts=measure.starts_on, due=measure.due_on, today=on),
        owners=owner_names(measure.responsibilities.all()),
        reported_state=measure.state,
        note=measure.state_note,
    )


def _source(target: Target) -> str:
    indicator = INDICATORS.get(target.indicator) if target.indicator else None
    if indicator is not None:
        return str(indicator.name)
    return target.series.name if target.series else ""


def _measures(
    actor: Actor, document: Document, chapter_of: Callable[[int | None], int | None], on: date
) -> Iterable[PromiseView]:
    rows = restrict(actor, VIEW, Measure.objects.filter(document=document)).prefetch_related(RESPONSIBILITIES)
    return [measure_view(row, chapter_of, on) for row in rows]


def _targets(
    actor: Actor, document: Document, chapter_of: Callable[[int | None], int | None], on: date
) -> Iterable[PromiseView]:
    rows = with_measurement(restrict(actor, VIEW, Target.objects.filter(document=document)), on)
    return [
        target_view(row, chapter_of, on) for row in rows.select_related("series").prefetch_related(RESPONSIBILITIES)
    ]


def _chapters_of(sections: Iterable[Section]) -> Callable[[int | None], int | None]:
    """From a section to the chapter that it lies in."""
    top: dict[int, int] = {}
    for section in sections:
        top[section.pk] = section.pk if section.parent_id is None else top[section.parent_id]
    return lambda section_id: None if section_id is None else top.get(section_id)


def _chapter(number: int, section: Section, promises: tuple[PromiseView, ...]) -> ChapterView:
    own = tuple(promise for promise in promises if promise.chapter_id == section.pk)
    measures = [promise for promise in own if promise.kind == "measure"]
    targets = [promise for promise in own if promise.kind == "target"]
    return ChapterView(
        id=section.pk,
        number=number,
        title=section.title,
        measures=len(measures),
        targets=len(targets),
        measure_standings=Counter(promise.standing for promise in measures),
        target_standings=Counter(promise.standing for promise in targets),
        promises=own,
    )
