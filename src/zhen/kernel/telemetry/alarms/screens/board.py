"""The board of incidents: what nobody has acknowledged, what is looked after, and what lacks a cause."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import url_of as url_of_case
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    BoardPage,
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    Link,
    Panel,
    Params,
    Tone,
)
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.alarms import actions, queries
from zhen.kernel.telemetry.alarms.forms import CloseForm
from zhen.kernel.telemetry.alarms.screens.common import (
    ALARM_COLUMNS,
    LIVE,
    SEVERITY,
    ago,
    may,
    place_name,
    severity_chip,
)
from zhen.kernel.telemetry.alarms.telling import url_of_incident
from zhen.kernel.telemetry.alarms.values import CLOSE, HANDLE, VIEW
from zhen.kernel.telemetry.declarations import Severity
from zhen.kernel.telemetry.devices.values import VIEW as DEVICE_VIEW
from zhen.kernel.telemetry.models import Alarm, Incident
from zhen.kernel.telemetry.plans import queries as plans


def shown(actor: Actor) -> QuerySet[Incident]:
    """Incidents with what a card says of them, the gravest and newest first."""
    today = clock.today()
    name = places.versions_on(today).filter(place=OuterRef("building"))
    first = Alarm.objects.filter(incident=OuterRef("pk")).order_by("-severity", "opened_at", "pk")
    rows = queries.incidents(actor).annotate(
        where=Subquery(name.values("name")[:1]),
        first_rule=Subquery(first.values("rule")[:1]),
        first_profile=Subquery(first.values("profile")[:1]),
        first_device=Subquery(first.values("device__name")[:1]),
    )
    return rows.order_by("-severity", F("last_at").desc(), "-pk")


def columns(actor: Actor, params: Params) -> Sequence[tuple[Chip, Any]]:
    """Notices are no work for the board, unless somebody asks for them."""
    rows = shown(actor)
    if not params.get("severity"):
        rows = rows.filter(severity__gt=Severity.NOTICE)
    return (
        (Chip(text=_("nobody has acknowledged"), tone=Tone.OVERDUE), queries.waiting(rows)),
        (Chip(text=_("being looked after"), tone=Tone.BEHIND), queries.handled(rows)),
        (Chip(text=_("over, cause missing"), tone=Tone.DUE_SOON), queries.without_cause(rows)),
    )


def what(incident: Any) -> str:
    """The rule of the gravest alarm, where the incident is."""
    rule = Alarm(profile=incident.first_profile, rule=incident.first_rule).rule_name
    return f"{rule} · {incident.where or incident.building}"


def facts(_actor: Actor, incident: Incident) -> list[Fact]:
    return [
        Fact(label=_("building"), value=place_name(incident.building_id), kind=Kind.PLACE),
        Fact(label=_("since"), value=incident.opened_at, kind=Kind.TIME),
        Fact(label=_("newest alarm"), value=incident.last_at, kind=Kind.TIME),
        Fact(label=_("alarms"), value=incident.alarm_count, kind=Kind.NUMBER),
        Fact(label=_("unit in charge"), value=incident.unit.name),
        Fact(label=_("cause"), value=incident.cause_name),
        Fact(label=_("closed at"), value=incident.closed_at, kind=Kind.TIME),
    ]


def case_link(_actor: Actor, incident: Incident) -> list[Link]:
    return [Link(text=str(incident.case), url=url_of_case(incident.case))] if incident.case else []


def save_cause(actor: Actor, incident: Incident, form: Any) -> str:
    given = form.cleaned_data
    actions.close_incident(actor, incident.pk, cause=given["cause"], note=given["note"])
    return url_of_incident(incident)


def causes_of_incident(incident: Incident) -> list[str]:
    """The profiles of the open alarms; a cause must fit all of them."""
    return list(incident.alarms.filter(closed_at__isnull=True).values_list("profile", flat=True).distinct())


def waits(actor: Actor, incident: Incident) -> bool:
    return incident.closed_at is None and incident.alarms.filter(acknowledged_at=None, closed_at=None).exists()


ACKNOWLEDGE = Button(
    id="acknowledge",
    label=_("Acknowledge"),
    permission=HANDLE,
    run=lambda actor, incident, _data: actions.acknowledge_incident(actor, incident.pk),
    key="a",
    shown=waits,
)


PAGES = (
    BoardPage(
        id="telemetry.incidents",
        title=_("Alarm board"),
        menu=_("Alarm board"),
        icon="bell",
        order=20,
        permission=VIEW,
        columns=columns,
        card=(
            Column(id="what", label=_("what"), value=what),
            Column(id="severity", label=_("severity"), value=severity_chip, kind=Kind.CHIP),
            Column(id="device", label=_("device"), value="first_device"),
            Column(id="alarms", label=_("alarms"), value="alarm_count", kind=Kind.NUMBER),
            Column(id="last", label=_("newest alarm"), value=lambda incident: ago(incident.last_at)),
            Column(id="case", label=_("case"), value="case.number"),
        ),
        detail="telemetry.incident",
        filters=(SEVERITY,),
        live=LIVE,
        follows=True,
    ),
    DetailPage(
        id="telemetry.incident",
        title=_("incident"),
        permission=VIEW,
        subject=queries.incident,
        heading=lambda incident: place_name(incident.building_id),
        chips=lambda incident: (severity_chip(incident),),
        panels=(
            Panel(id="facts", title=_("incident"), form="facts", source=facts),
            Panel(id="case", title=_("case"), form="links", source=case_link, empty=_("No case was opened.")),
            Panel(
                id="alarms",
                title=_("alarms"),
                form="table",
                source=lambda actor, incident: queries.alarms(actor).filter(incident=incident).order_by("-opened_at"),
                columns=ALARM_COLUMNS,
                detail="telemetry.alarm",
                wide=True,
            ),
            Panel(
                id="plan",
                title=_("Where on the floor"),
                form="plan",
                source=plans.of_incident,
                permission=DEVICE_VIEW,
                wide=True,
                empty=_("None of the devices is on a floor plan."),
            ),
            HISTORY,
        ),
        buttons=(
            ACKNOWLEDGE,
            Button(
                id="close",
                label=_("Close with a cause"),
                permission=CLOSE,
                form="telemetry.incident_close",
                shown=may(CLOSE),
                key="c",
            ),
        ),
        live=LIVE,
        follows=True,
    ),
    FormPage(
        id="telemetry.incident_close",
        title=_("Close with a cause"),
        permission=CLOSE,
        subject=queries.incident,
        form=lambda _actor, incident, data, _files: CloseForm(data, profiles=causes_of_incident(incident)),
        save=save_cause,
        submit=_("Close all alarms of it"),
    ),
)
