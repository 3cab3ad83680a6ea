"""Rosters, and the steps of escalation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, actionable
from zhen.kernel.identity.api import Unit, User
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Button, Column, FormPage, Kind, ListPage
from zhen.kernel.telemetry.alarms import duty, queries
from zhen.kernel.telemetry.alarms.duty import NewStep
from zhen.kernel.telemetry.alarms.forms import ShiftForm, StepForm
from zhen.kernel.telemetry.alarms.values import DUTY
from zhen.kernel.telemetry.models import EscalationStep, Shift


def units(actor: Actor) -> QuerySet[Unit]:
    return actionable(actor, DUTY, Unit.objects.filter(closed_on=None)).order_by("name_key", "pk")


def people() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_machine=False).order_by("name_key", "pk")


def save_shift(actor: Actor, _subject: None, form: Any) -> str:
    given = form.cleaned_data
    duty.put_on_duty(actor, given["unit"], given["user"], given["starts_at"], given["ends_at"])
    return "/desk/telemetry/shifts/"


def take_off(actor: Actor, rows: Iterable[Shift], _data: Any) -> None:
    for row in rows:
        duty.take_off_duty(actor, row.pk)


def steps_of(unit: Unit | None, *, without: Iterable[int] = ()) -> list[NewStep]:
    rows = EscalationStep.objects.filter(unit=unit).exclude(pk__in=list(without)).select_related("person")
    return [
        NewStep(after_seconds=row.after_seconds, whom=row.whom, person=row.person, severity=row.severity)
        for row in rows.order_by("order")
    ]


def save_step(actor: Actor, _subject: None, form: Any) -> str:
    given = form.cleaned_data
    new = NewStep(
        after_seconds=round(given["after_minutes"] * 60),
        whom=given["whom"],
        person=given["person"],
        severity=given["severity"],
    )
    duty.set_steps(actor, given["unit"], [*steps_of(given["unit"]), new])
    return "/desk/telemetry/steps/"


def remove_steps(actor: Actor, rows: Iterable[EscalationStep], _data: Any) -> None:
    chosen: dict[int | None, list[EscalationStep]] = {}
    for row in rows:
        chosen.setdefault(row.unit_id, []).append(row)
    for steps in chosen.values():
        unit = steps[0].unit
        duty.set_steps(actor, unit, steps_of(unit, without=[step.pk for step in steps]))


PAGES = (
    ListPage(
        id="telemetry.shifts",
        title=_("Duty roster"),
        menu=_("Duty roster"),
        icon="users",
        order=24,
        permission=DUTY,
        intro=_("Whoever is on duty for the unit of a device hears of its alarms first."),
        rows=lambda actor, _params: queries.shifts(actor).filter(ends_at__gt=clock.now()),
        columns=(
            Column(id="unit", label=_("unit"), value="unit.name"),
            Column(id="user", label=_("on duty"), value="user", kind=Kind.PERSON),
            Column(id="from", label=_("from"), value="starts_at", kind=Kind.TIME, sort="starts_at"),
            Column(id="until", label=_("until"), value="ends_at", kind=Kind.TIME, sort="ends_at"),
        ),
        order_by=("starts_at", "pk"),
        buttons=(Button(id="add", label=_("Put on duty"), permission=DUTY, form="telemetry.shift"),),
        bulk=(
            Button(
                id="remove",
                label=_("Take off duty"),
                permission=DUTY,
                run=take_off,
                confirm=_("{count} shifts end now, or do not begin."),
            ),
        ),
        empty=_("Nobody is on duty now or later: alarms go to the head of the unit, else to the operations centre."),
    ),
    FormPage(
        id="telemetry.shift",
        title=_("Put on duty"),
        permission=DUTY,
        form=lambda actor, _subject, data, _files: ShiftForm(data, units(actor), people(), clock.now()),
        save=save_shift,
        submit=_("Put on duty"),
    ),
    ListPage(
        id="telemetry.steps",
        title=_("Who is told of alarms"),
        menu=_("Who is told of alarms"),
        icon="users",
        order=25,
        permission=DUTY,
        intro=_(
            "A unit without steps of its own: whoever is on duty at once, its head after 3 minutes, "
            "the operations centre after 8. Acknowledging stops them."
        ),
        rows=lambda actor, _params: queries.steps(actor),
        columns=(
            Column(id="unit", label=_("unit"), value="unit.name"),
            Column(id="order", label=_("step"), value="order", kind=Kind.NUMBER),
            Column(id="after", label=_("seconds after the alarm"), value="after_seconds", kind=Kind.NUMBER),
            Column(id="whom", label=_("whom"), value="get_whom_display"),
            Column(id="person", label=_("person"), value="person", kind=Kind.PERSON),
            Column(id="severity", label=_("severity at least"), value="get_severity_display"),
        ),
        order_by=("unit__name_key", "order"),
        buttons=(Button(id="add", label=_("Add a step"), permission=DUTY, form="telemetry.step"),),
        bulk=(
            Button(
                id="remove",
                label=_("Remove"),
                permission=DUTY,
                run=remove_steps,
                confirm=_("{count} steps are removed. A unit without steps follows the town's again."),
            ),
        ),
        empty=_("No unit has steps of its own."),
    ),
    FormPage(
        id="telemetry.step",
        title=_("Add a step"),
        permission=DUTY,
        form=lambda actor, _subject, data, _files: StepForm(data, units(actor), people()),
        save=save_step,
        submit=_("Add a step"),
    ),
)
