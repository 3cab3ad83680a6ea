"""The operations wall of alarms: what needs somebody now, large enough to be read from afar."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Column, DashboardPage, Face, Figure, Kind, Panel, Params, Tone
from zhen.kernel.telemetry.alarms import queries
from zhen.kernel.telemetry.alarms.screens.board import shown, what
from zhen.kernel.telemetry.alarms.screens.common import LIVE, ago, severity_chip
from zhen.kernel.telemetry.alarms.values import VIEW
from zhen.kernel.telemetry.declarations import Severity

LATEST = 12
DAYS = 30


def the_moment(actor: Actor, params: Params) -> list[Figure]:
    """Alarms as they stand now, and how often they were false in thirty days."""
    now = clock.now()
    midnight = now.astimezone(clock.TOWN_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    rows = queries.alarms(actor).filter(queries.SHOWN)
    still = rows.aggregate(
        unseen=Count("pk", filter=queries.OPEN & queries.UNSEEN & queries.WORK),
        grave=Count("pk", filter=queries.OPEN & queries.ACTIVE & Q(severity__gte=Severity.MAJOR)),
        active=Count("pk", filter=queries.OPEN & queries.ACTIVE & queries.WORK),
        notices=Count("pk", filter=queries.OPEN & queries.ACTIVE & Q(severity=Severity.NOTICE)),
        today=Count("pk", filter=queries.WORK & Q(opened_at__gte=midnight)),
        counted=Count("pk", filter=queries.COUNTED & Q(closed_at__gte=now - timedelta(days=DAYS))),
        false=Count("pk", filter=queries.FALSE & Q(closed_at__gte=now - timedelta(days=DAYS))),
    )
    as_of = f"{now.astimezone(clock.TOWN_ZONE):%H:%M}"
    rate = round(100 * still["false"] / still["counted"], 1) if still["counted"] else None
    return [
        Figure(
            label=_("nobody has acknowledged"),
            value=still["unseen"],
            unit=_("alarm(s)"),
            period=as_of,
            tone=Tone.OVERDUE if still["unseen"] else Tone.ON_TRACK,
            evidence="/desk/telemetry/alarms/?state=unseen",
        ),
        Figure(
            label=_("major or critical, going on"),
            value=still["grave"],
            unit=_("alarm(s)"),
            period=as_of,
            tone=Tone.BEHIND if still["grave"] else Tone.ON_TRACK,
            evidence=f"/desk/telemetry/alarms/?state=active&severity={int(Severity.MAJOR)}",
        ),
        Figure(
            label=_("going on"),
            value=still["active"],
            unit=_("alarm(s)"),
            period=as_of,
            evidence="/desk/telemetry/alarms/?state=active",
        ),
        Figure(label=_("notices, such as silent devices"), value=still["notices"], unit=_("alarm(s)"), period=as_of),
        Figure(label=_("since midnight"), value=still["today"], unit=_("alarm(s)"), period=as_of),
        Figure(
            label=_("false alarms in 30 days"),
            value=rate,
            unit="%",
            period=f"{still['false']:,} ÷ {still['counted']:,}",
            why=_("No alarm was closed with a cause that counts."),
        ),
    ]


def the_newest(actor: Actor, params: Params) -> Any:
    """Open incidents, the gravest and newest first; notices are no incidents of the wall."""
    return shown(actor).filter(queries.OPEN, severity__gt=Severity.NOTICE)[:LATEST]


PAGES = (
    DashboardPage(
        id="telemetry.wall",
        title=_("Alarms of the town"),
        menu=_("Alarms"),
        face=Face.COCKPIT,
        permission=VIEW,
        live=LIVE,
        follows=True,
        panels=(
            Panel(id="now", title=_("Now"), form="figures", source=the_moment, wide=True),
            Panel(
                id="newest",
                title=_("Open incidents"),
                form="table",
                source=the_newest,
                columns=(
                    Column(id="what", label=_("what"), value=what),
                    Column(id="severity", label=_("severity"), value=severity_chip, kind=Kind.CHIP),
                    Column(id="alarms", label=_("alarms"), value="alarm_count", kind=Kind.NUMBER),
                    Column(id="device", label=_("device"), value="first_device"),
                    Column(id="last", label=_("newest alarm"), value=lambda incident: ago(incident.last_at)),
                    Column(id="unit", label=_("unit in charge"), value="unit.name"),
                ),
                detail="telemetry.incident",
                wide=True,
                empty=_("No incident is open."),
            ),
        ),
    ),
)
