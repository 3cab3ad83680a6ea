"""What the plan promises of renewal: projects completed, works under way and on time, and “three at 100 %”."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import clock
from zhen.kernel.plan.api import Indicator, IndicatorKind, Period
from zhen.packs.renewal.kinds import Kind
from zhen.packs.renewal.models import DoorFact, Milestone, Project

Text = str | Promise


def _last(period: Period) -> date:
    """The last day of the period, or today while it runs."""
    return min(period.end - timedelta(days=1), clock.today())


def completed(kind: Kind) -> Callable[[Period], QuerySet[Project]]:
    """Projects whose works two people accepted on the spot in the period."""

    def rows(period: Period) -> QuerySet[Project]:
        return Project.objects.filter(kind=kind, accepted_on__gte=period.start, accepted_on__lt=period.end)

    return rows


def begun(kind: Kind) -> Callable[[Period], QuerySet[Project]]:
    """Projects whose works somebody has seen begin in the period."""

    def rows(period: Period) -> QuerySet[Project]:
        return Project.objects.filter(kind=kind, started_on__gte=period.start, started_on__lt=period.end)

    return rows


def under_way(period: Period) -> QuerySet[Project]:
    day = _last(period)
    rows = Project.objects.filter(Q(accepted_on__isnull=True) | Q(accepted_on__gt=day), started_on__lte=day)
    return rows.exclude(dropped_on__lte=day)


def due(period: Period) -> QuerySet[Milestone]:
    """Milestones of the first plan that were due in the period, by its last day."""
    rows = Milestone.objects.filter(first_on__gte=period.start, first_on__lte=_last(period))
    return rows.exclude(project__dropped_on__isnull=False).select_related("project")


def in_time(period: Period) -> QuerySet[Milestone]:
    return due(period).filter(done_on__lte=F("first_on"))


def facts(*kinds: DoorFact.Kind) -> Callable[[Period], QuerySet[DoorFact]]:
    """The facts that are to be reached: of the doors of sites that are not given up and not accepted before."""

    def rows(period: Period) -> QuerySet[DoorFact]:
        open_sites = Q(door__project__accepted_on__isnull=True) | Q(door__project__accepted_on__gte=period.start)
        found = DoorFact.objects.filter(
            open_sites, kind__in=kinds, door__project__dropped_on__isnull=True,
            door__project__entered_on__lte=_last(period),
        )  # fmt: skip
        return found.select_related("door__project")

    return rows


def reached(*kinds: DoorFact.Kind) -> Callable[[Period], QuerySet[DoorFact]]:
    """Those of them that were entered with a proof and confirmed by somebody else."""

    def rows(period: Period) -> QuerySet[DoorFact]:
        return facts(*kinds)(period).filter(confirmed_at__isnull=False, on__lte=_last(period))

    return rows


def _of_projects(
    id: str,
    name: Text,
    formula: Text,
    rows: Callable[[Period], QuerySet[Project]],
    kind: IndicatorKind = IndicatorKind.COUNT,
) -> Indicator:
    return Indicator(
        id=id,
        name=name,
        kind=kind,
        unit=_("projects"),
        formula=formula,
        numerator=rows,
        area="area",
        row_label=lambda row: row.name,
        row_url=lambda row: reverse("page:renewal.project", kwargs={"key": row.pk}),
    )


def _of_doors(id: str, name: Text, *kinds: DoorFact.Kind) -> Indicator:
    return Indicator(
        id=id,
        name=name,
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("facts entered with a proof and confirmed by somebody else ÷ facts of all doors of the sites"),
        numerator=reached(*kinds),
        denominator=facts(*kinds),
        area="door__project__area",
        row_label=lambda row: f"{row.door.project.name} {row.door.number} {row.get_kind_display()}",
        row_url=lambda row: reverse("page:renewal.door", kwargs={"key": row.door_id}),
    )


COMPLETED = _("projects whose works were accepted on the spot by two people in the period")
NAMES = {
    Kind.ROOF: _("estates with renewed roofs"),
    Kind.DRAINAGE: _("estates with rain and waste water separated"),
    Kind.COMPREHENSIVE: _("estates renewed comprehensively"),
    Kind.ROAD: _("landscape roads completed"),
    Kind.KEY: _("key projects completed"),
    Kind.REBUILD: _("sites rebuilt in place"),
}
THREE = tuple(DoorFact.Kind)
INDICATORS = (
    *(_of_projects(f"renewal.completed_{kind}", name, COMPLETED, completed(kind)) for kind, name in NAMES.items()),
    _of_projects(
        "renewal.begun_comprehensive",
        _("comprehensive renewals begun"),
        _("projects whose works were seen to begin in the period"),
        begun(Kind.COMPREHENSIVE),
    ),
    _of_projects(
        "renewal.under_way",
        _("renewal projects under way"),
        _("projects whose works have begun and are not accepted on the last day"),
        under_way,
        IndicatorKind.STOCK,
    ),
    Indicator(
        id="renewal.milestones_in_time",
        name=_("milestones reached in time"),
        kind=IndicatorKind.RATE,
        unit="%",
        formula=_("milestones reached by the day of the first plan ÷ milestones that were due by the first plan"),
        numerator=in_time,
        denominator=due,
        area="project__area",
        row_label=lambda row: f"{row.project.name} {row.name}",
        row_url=lambda row: reverse("page:renewal.project", kwargs={"key": row.project_id}),
    ),
    _of_doors("renewal.consulted", _("households consulted"), DoorFact.Kind.CONSULTED),
    _of_doors("renewal.signed", _("households that have signed"), DoorFact.Kind.SIGNED),
    _of_doors("renewal.moved", _("households that have moved"), DoorFact.Kind.MOVED),
    _of_doors("renewal.three_at_100", _("three at 100 %: consulted, signed, moved"), *THREE),
)
