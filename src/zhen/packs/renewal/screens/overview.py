"""All works at a glance: what is done of each kind, what is late, and the schedule."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import DashboardPage, Figure, Panel, Slip, Tone
from zhen.packs.renewal import queries, rights
from zhen.packs.renewal.kinds import Kind
from zhen.packs.renewal.rules import Stage
from zhen.packs.renewal.screens.common import KIND_FILTER, of, schedule

MOST = 60


def _chosen(actor: Actor, params: Any) -> Any:
    rows = queries.projects(actor)
    return rows.filter(kind=params["kind"]) if params.get("kind") else rows


def figures(actor: Actor, _params: Any) -> list[Figure]:
    """For each kind: how many are accepted, of how many."""
    counts = {
        row["kind"]: row
        for row in queries.projects(actor)
        .filter(dropped_on__isnull=True)
        .order_by()
        .values("kind")
        .annotate(all=Count("pk"), done=Count("pk", filter=Q(accepted_on__isnull=False)))
    }
    return [
        Figure(
            label=kind.label,
            value=counts[kind.value]["done"],
            unit=_("projects"),
            period=_("accepted, of %(all)s") % {"all": counts[kind.value]["all"]},
            evidence=f"/desk/renewal/projects/?kind={kind}",
            tone=Tone.ON_TRACK if counts[kind.value]["done"] == counts[kind.value]["all"] else Tone.NEUTRAL,
        )
        for kind in Kind
        if kind.value in counts
    ]


def behind(actor: Actor, params: Any) -> list[Slip]:
    today = clock.today()
    found = []
    for project in _chosen(actor, params).filter(queries.STAGES[Stage.UNDER_WAY] | Q(started_on=None, dropped_on=None)):
        late = queries.late(project, today)
        if late is not None:
            found.append(
                Slip(
                    text=f"{project.name}：{late.name}",
                    tone=Tone.OVERDUE,
                    url=of(project),
                    due=late.due_on,
                    owner=project.unit.name,
                )
            )
    return sorted(found, key=lambda slip: slip.due or today)


def open_works(actor: Actor, params: Any) -> Any:
    """What is not accepted yet, over time."""
    rows = _chosen(actor, params).filter(accepted_on=None, dropped_on=None).order_by("first_start", "pk")
    return schedule(rows[:MOST])


def all_works(actor: Actor, params: Any) -> Any:
    """The newest works, accepted or not, in the order in which they were to begin."""
    rows = _chosen(actor, params).filter(dropped_on=None).order_by("-first_start", "pk")
    return schedule(reversed(rows[:MOST]))


PAGES = (
    DashboardPage(
        id="renewal.overview",
        title=_("Works at a glance"),
        menu=_("Works at a glance"),
        icon="gantt-chart",
        order=66,
        permission=rights.VIEW,
        intro=_("What is accepted, what is late, and all works over time."),
        filters=(KIND_FILTER,),
        panels=(
            Panel(id="figures", title=_("Accepted works"), form="figures", source=figures, wide=True),
            Panel(
                id="behind",
                title=_("Overdue milestones"),
                form="slips",
                source=behind,
                wide=True,
                empty=_("No milestone is overdue."),
            ),
            Panel(
                id="schedule",
                title=_("Schedule of open works"),
                form="schedule",
                source=open_works,
                wide=True,
                empty=_("Every project is accepted."),
            ),
            Panel(
                id="all",
                title=_("Schedule of all works"),
                form="schedule",
                source=all_works,
                wide=True,
            ),
        ),
    ),
)
