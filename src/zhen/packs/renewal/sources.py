"""Where the subjects of visits come from: projects that are prepared, under way, or in warranty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.pages.api import Choice
from zhen.kernel.rounds.api import NewSubject, SourceFilter, SubjectSource
from zhen.packs.renewal.kinds import Kind
from zhen.packs.renewal.models import Project

PROJECTS = "renewal.projects"


def open_projects(query: Mapping[str, str], day: date) -> Iterator[NewSubject]:
    """Those that are worth a visit on a day: not given up, and not out of warranty."""
    kept = Q(warranty_until__isnull=True) | Q(warranty_until__gte=day)
    rows = Project.objects.filter(kept, entered_on__lte=day).exclude(dropped_on__lte=day).order_by("pk")
    if "kind" in query:
        rows = rows.filter(kind=query["kind"])
    match query.get("stage", ""):
        case "open":
            rows = rows.filter(accepted_on__isnull=True)
        case "works":
            rows = rows.filter(started_on__lte=day, accepted_on__isnull=True)
        case "warranty":
            rows = rows.filter(accepted_on__lte=day)
    if "project" in query:
        rows = rows.filter(pk=int(query["project"]))
    for row in rows:
        yield NewSubject(
            key=str(row.pk), name=row.name, address=row.address, place_id=row.place_id, area_id=row.area_id,
            lon=row.lon, lat=row.lat,
        )  # fmt: skip


SOURCES = (
    SubjectSource(
        id=PROJECTS,
        name=_("renewal projects"),
        find=open_projects,
        filters=(
            SourceFilter(
                id="kind",
                label=_("kind of project"),
                choices=lambda: [Choice(value=one.value, label=one.label) for one in Kind],
            ),
            SourceFilter(
                id="stage",
                label=_("where it stands"),
                choices=lambda: [
                    Choice(value="open", label=_("not accepted yet")),
                    Choice(value="works", label=_("works under way")),
                    Choice(value="warranty", label=_("in warranty")),
                ],
            ),
            SourceFilter(
                id="project",
                label=_("one project"),
                choices=lambda: [
                    Choice(value=str(pk), label=name)
                    for pk, name in Project.objects.filter(dropped_on__isnull=True)
                    .order_by("name", "pk")
                    .values_list("pk", "name")
                ],
            ),
        ),
        url=lambda key: reverse("page:renewal.project", kwargs={"key": key}),
    ),
)
