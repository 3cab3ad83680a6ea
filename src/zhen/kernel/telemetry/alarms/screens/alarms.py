"""Alarms one by one: the list of all, and the page of each."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Choice,
    Column,
    DetailPage,
    Fact,
    Figure,
    Filter,
    FormPage,
    Happening,
    Kind,
    Link,
    ListPage,
    Panel,
)
from zhen.kernel.telemetry.alarms import actions, queries, rates
from zhen.kernel.telemetry.alarms.forms import AssignForm, CloseForm, CommentForm
from zhen.kernel.telemetry.alarms.screens.common import (
    ALARM_COLUMNS,
    LIVE,
    PROFILE,
    SEVERITY,
    may,
    place_name,
    severity_chip,
    state_chip,
    value_of,
)
from zhen.kernel.telemetry.alarms.screens.rates import OF_ALARMS, opening, rate_figure
from zhen.kernel.telemetry.alarms.telling import url_of, url_of_incident
from zhen.kernel.telemetry.alarms.values import CLOSE, HANDLE, SUPPRESS, VIEW
from zhen.kernel.telemetry.devices.values import VIEW as DEVICE_VIEW
from zhen.kernel.telemetry.models import Alarm
from zhen.kernel.telemetry.plans import queries as plans

STATES = {
    "open": queries.OPEN & queries.SHOWN,
    "active": queries.OPEN & queries.SHOWN & queries.ACTIVE,
    "unseen": queries.OPEN & queries.SHOWN & queries.UNSEEN,
    "suppressed": ~queries.SHOWN,
    "closed": ~queries.OPEN,
}
STATE = Filter(
    id="state",
    label=_("where it stands"),
    apply=lambda rows, value: rows.filter(STATES[value]),
    choices=(
        Choice(value="open", label=_("open")),
        Choice(value="active", label=_("going on")),
        Choice(value="unseen", label=_("nobody has acknowledged")),
        Choice(value="suppressed", label=_("suppressed")),
        Choice(value="closed", label=pgettext_lazy("state of an alarm", "closed")),
    ),
)


def facts(_actor: Actor, alarm: Alarm) -> list[Fact]:
    return [
        Fact(label=_("device"), value=f"{alarm.device.name} ({alarm.device.code})"),
        Fact(label=_("place"), value=place_name(alarm.place_id), kind=Kind.PLACE),
        Fact(label=_("where exactly"), value=alarm.device.spot),
        Fact(label=_("unit in charge"), value=alarm.unit.name),
        Fact(label=_("reading"), value=value_of(alarm)),
        Fact(label=_("since"), value=alarm.opened_at, kind=Kind.TIME),
        Fact(label=_("recorded at"), value=alarm.received_at, kind=Kind.TIME),
        Fact(label=_("over since"), value=alarm.cleared_at, kind=Kind.TIME),
    ]


def care(_actor: Actor, alarm: Alarm) -> list[Fact]:
    return [
        Fact(label=_("acknowledged by"), value=alarm.acknowledged_by, kind=Kind.PERSON),
        Fact(label=_("acknowledged at"), value=alarm.acknowledged_at, kind=Kind.TIME),
        Fact(label=_("assigned to"), value=alarm.assigned_to, kind=Kind.PERSON),
        Fact(label=_("cause"), value=alarm.cause_name),
        Fact(label=_("what was found"), value=alarm.note, kind=Kind.PROSE),
        Fact(label=_("closed by"), value=alarm.closed_by, kind=Kind.PERSON),
        Fact(label=_("closed at"), value=alarm.closed_at, kind=Kind.TIME),
    ]


def ways(_actor: Actor, alarm: Alarm) -> list[Link]:
    if alarm.incident_id is None:
        return []
    return [Link(text=_("The incident and its other alarms"), url=url_of_incident(alarm.incident_id))]


def said(_actor: Actor, alarm: Alarm) -> list[Happening]:
    rows = alarm.comments.select_related("by").order_by("-at", "-pk")
    return [Happening(at=row.at, who=str(row.by or ""), text=row.text) for row in rows]


def unseen(actor: Actor, alarm: Alarm) -> bool:
    return alarm.closed_at is None and alarm.acknowledged_at is None


def close(actor: Actor, alarm: Alarm, form: Any) -> str:
    actions.close(actor, alarm.pk, cause=form.cleaned_data["cause"], note=form.cleaned_data["note"])
    return url_of(alarm)


def assign(actor: Actor, alarm: Alarm, form: Any) -> str:
    actions.assign(actor, alarm.pk, form.cleaned_data["person"])
    return url_of(alarm)


def comment(actor: Actor, alarm: Alarm, form: Any) -> str:
    actions.comment(actor, alarm.pk, form.cleaned_data["text"])
    return url_of(alarm)


CAUSE = Column(id="cause", label=_("cause"), value="cause_name")
DEVICE_HISTORY = Panel(
    id="alarms",
    title=_("alarms of this device"),
    form="table",
    source=queries.of_device,
    columns=(*(column for column in ALARM_COLUMNS if column.id != "device"), CAUSE),
    detail="telemetry.alarm",
    permission=VIEW,
    wide=True,
    empty=_("It has never alarmed."),
)
"""For the page of a device."""


def false_ones(actor: Actor, device: Any) -> list[Figure]:
    return [
        rate_figure(
            rates.of_device(actor, device), opening({"closed": "year", "device": device.code}, verdict="counted")
        )
    ]


DEVICE_RATE = Panel(
    id="rate", title=_("False alarms in twelve months"), form="figures", source=false_ones, permission=VIEW
)
"""For the page of a device."""

PAGES = (
    ListPage(
        id="telemetry.alarms",
        title=_("Alarms"),
        menu=_("Alarms"),
        icon="bell",
        order=21,
        permission=VIEW,
        rows=lambda actor, _params: queries.alarms(actor),
        columns=(*ALARM_COLUMNS, CAUSE),
        filters=(STATE, SEVERITY, PROFILE, *OF_ALARMS),
        search=lambda rows, words: rows.filter(device__name__icontains=words),
        order_by=("-opened_at", "-pk"),
        detail="telemetry.alarm",
        bulk=(
            Button(
                id="acknowledge",
                label=_("Acknowledge"),
                permission=HANDLE,
                run=lambda actor, rows, _data: actions.acknowledge(actor, [row.pk for row in rows]) and None,
            ),
        ),
        empty=_("No alarm. Rules of the device profiles open them."),
        live=LIVE,
    ),
    DetailPage(
        id="telemetry.alarm",
        title=_("alarm"),
        permission=VIEW,
        subject=queries.alarm,
        heading=lambda alarm: f"{alarm.rule_name} · {alarm.device.name}",
        chips=lambda alarm: (severity_chip(alarm), state_chip(alarm)),
        panels=(
            Panel(id="facts", title=_("alarm"), form="facts", source=facts),
            Panel(id="care", title=_("who looks after it"), form="facts", source=care),
            Panel(
                id="plan",
                title=_("Where on the floor"),
                form="plan",
                source=plans.of_alarm,
                permission=DEVICE_VIEW,
                wide=True,
                empty=_("The device is on no floor plan."),
            ),
            Panel(id="ways", title=_("belongs to"), form="links", source=ways, empty=_("It stands alone.")),
            Panel(
                id="comments", title=_("comments"), form="timeline", source=said, empty=_("Nobody has said anything.")
            ),
            HISTORY,
            Panel(
                id="earlier",
                title=_("alarms of this device"),
                form="table",
                source=lambda actor, alarm: queries.of_device(actor, alarm.device).exclude(pk=alarm.pk),
                columns=DEVICE_HISTORY.columns,
                detail="telemetry.alarm",
                wide=True,
                empty=_("It has never alarmed before."),
            ),
        ),
        buttons=(
            Button(
                id="acknowledge",
                label=_("Acknowledge"),
                permission=HANDLE,
                run=lambda actor, alarm, _data: actions.acknowledge(actor, [alarm.pk]) and None,
                shown=unseen,
                key="a",
            ),
            Button(
                id="close",
                label=_("Close with a cause"),
                permission=CLOSE,
                form="telemetry.alarm_close",
                shown=may(CLOSE),
                key="c",
            ),
            Button(id="assign", label=_("Assign"), permission=HANDLE, form="telemetry.alarm_assign", shown=may(HANDLE)),
            Button(id="suppress", label=_("Suppress"), permission=SUPPRESS, form="telemetry.suppress"),
            Button(id="comment", label=_("Comment"), permission=HANDLE, form="telemetry.alarm_comment"),
            Button(
                id="clear",
                label=_("It is over"),
                permission=HANDLE,
                run=lambda actor, alarm, _data: actions.clear(actor, alarm.pk),
                confirm=_("The alarm counts as over. Does the condition go on, the next reading alarms anew."),
                shown=lambda actor, alarm: alarm.cleared_at is None and actor.may(HANDLE),
            ),
        ),
        live=LIVE,
        follows=True,
    ),
    FormPage(
        id="telemetry.alarm_close",
        title=_("Close with a cause"),
        permission=CLOSE,
        subject=queries.alarm,
        form=lambda _actor, alarm, data, _files: CloseForm(data, profiles=[alarm.profile]),
        save=close,
        submit=_("Close"),
    ),
    FormPage(
        id="telemetry.alarm_assign",
        title=_("Assign"),
        permission=HANDLE,
        subject=queries.alarm,
        form=lambda actor, alarm, data, _files: AssignForm(data, queries.colleagues(actor, alarm)),
        save=assign,
        submit=_("Assign"),
    ),
    FormPage(
        id="telemetry.alarm_comment",
        title=_("Comment"),
        permission=HANDLE,
        subject=queries.alarm,
        form=lambda _actor, _alarm, data, _files: CommentForm(data),
        save=comment,
        submit=_("Comment"),
    ),
)
