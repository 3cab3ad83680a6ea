"""Suppressions: of a device or a place, for a time, with a reason."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Button, Chip, Column, DetailPage, Fact, FormPage, Kind, ListPage, Panel, Tone
from zhen.kernel.telemetry.alarms import queries, windows
from zhen.kernel.telemetry.alarms.forms import SuppressForm
from zhen.kernel.telemetry.alarms.screens.common import ALARM_COLUMNS, place_name
from zhen.kernel.telemetry.alarms.telling import url_of
from zhen.kernel.telemetry.alarms.values import SUPPRESS, VIEW
from zhen.kernel.telemetry.models import Alarm, Suppression


def what(row: Suppression) -> str:
    return row.device.name if row.device is not None else place_name(row.place_id or 0)


def state_chip(row: Suppression) -> Chip:
    now = clock.now()
    if row.ends_at <= now:
        return Chip(text=_("over"), tone=Tone.NEUTRAL)
    return Chip(text=_("in force"), tone=Tone.DUE_SOON) if row.starts_at <= now else Chip(text=_("to come"))


def facts(_actor: Actor, row: Suppression) -> list[Fact]:
    return [
        Fact(label=_("what"), value=what(row)),
        Fact(label=_("from"), value=row.starts_at, kind=Kind.TIME),
        Fact(label=_("until"), value=row.ends_at, kind=Kind.TIME),
        Fact(label=_("reason"), value=row.reason),
        Fact(label=_("entered by"), value=row.by, kind=Kind.PERSON),
    ]


def of_alarm(actor: Actor, alarm: Alarm, form: Any) -> str:
    given = form.cleaned_data
    windows.suppress(
        actor,
        device=alarm.device,
        starts_at=given["starts_at"],
        ends_at=given["ends_at"],
        reason=given["reason"],
    )
    return url_of(alarm)


PAGES = (
    ListPage(
        id="telemetry.suppressions",
        title=_("Suppressed alarms"),
        menu=_("Suppressed alarms"),
        icon="bell",
        order=23,
        permission=VIEW,
        rows=lambda actor, _params: queries.suppressions(actor),
        columns=(
            Column(id="what", label=_("what"), value=what),
            Column(id="state", label=_("where it stands"), value=state_chip, kind=Kind.CHIP),
            Column(id="from", label=_("from"), value="starts_at", kind=Kind.TIME, sort="starts_at"),
            Column(id="until", label=_("until"), value="ends_at", kind=Kind.TIME, sort="ends_at"),
            Column(id="reason", label=_("reason"), value="reason"),
            Column(id="by", label=_("entered by"), value="by", kind=Kind.PERSON),
        ),
        order_by=("-ends_at", "-pk"),
        detail="telemetry.suppression",
        empty=_("Nothing is suppressed, and nothing was. Suppress a device on the page of one of its alarms."),
    ),
    DetailPage(
        id="telemetry.suppression",
        title=_("suppression of alarms"),
        permission=VIEW,
        subject=queries.suppression,
        heading=what,
        chips=lambda row: (state_chip(row),),
        panels=(
            Panel(id="facts", title=_("suppression of alarms"), form="facts", source=facts),
            Panel(
                id="alarms",
                title=_("alarms in it"),
                form="table",
                source=lambda actor, row: queries.alarms(actor).filter(suppression=row).order_by("-opened_at"),
                columns=ALARM_COLUMNS,
                detail="telemetry.alarm",
                wide=True,
                empty=_("None."),
            ),
        ),
        buttons=(
            Button(
                id="end",
                label=_("End it now"),
                permission=SUPPRESS,
                run=lambda actor, row, _data: windows.end_suppression(actor, row.pk),
                confirm=_("Alarms that are still active are shown from now on."),
                shown=lambda _actor, row: row.ends_at > clock.now(),
            ),
        ),
    ),
    FormPage(
        id="telemetry.suppress",
        title=_("Suppress alarms of this device"),
        permission=SUPPRESS,
        subject=queries.alarm,
        form=lambda _actor, _alarm, data, _files: SuppressForm(data, clock.now()),
        save=of_alarm,
        submit=_("Suppress"),
    ),
)
