"""The monthly safety report of a building: one page that prints."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Column, DetailPage, Fact, Figure, Kind, ListPage, Panel
from zhen.kernel.telemetry.api import CAUSES
from zhen.packs.fire import queries, rights
from zhen.packs.fire.queries import Month
from zhen.packs.fire.rules import months_later
from zhen.packs.fire.screens.common import ALARM_COLUMNS, HAZARD_COLUMNS


def building(_actor: Actor, month: Month) -> list[Fact]:
    file = month.file
    return [
        Fact(label=_("month"), value=f"{month.first:%Y-%m}"),
        Fact(label=_("category"), value=file.get_category_display()),
        Fact(label=_("class of the building"), value=file.get_building_class_display()),
        Fact(label=_("unit in charge"), value=file.unit.name),
        Fact(label=_("fire keeper"), value=file.keeper, kind=Kind.PERSON),
        Fact(label=_("maintenance contractor"), value=file.contractor),
    ]


def figures(actor: Actor, month: Month) -> list[Figure]:
    found, period = queries.numbers(actor, month), f"{month.first:%Y-%m}"
    return [
        Figure(label=_("alarms"), value=found.alarms, unit="", period=period),
        Figure(label=_("alarms without a cause"), value=found.unclosed, period=period),
        Figure(label=_("hazards found"), value=found.hazards_found, period=period),
        Figure(label=_("hazards closed"), value=found.hazards_closed, period=period),
        Figure(label=_("hazards open at its end"), value=found.hazards_open, period=period),
        Figure(
            label=_("maintenance done"),
            value=round(100 * found.upkeep_done / found.upkeep_due, 1) if found.upkeep_due else None,
            unit="%",
            period=period,
            why=_("Nothing was due."),
        ),
    ]


def causes(actor: Actor, month: Month) -> list[Fact]:
    return [
        Fact(label=CAUSES.get(cause, cause), value=count, kind=Kind.NUMBER)
        for cause, count in queries.numbers(actor, month).by_cause
    ]


PAGES = (
    ListPage(
        id="fire.months",
        title=_("Monthly safety reports"),
        menu=_("Monthly safety reports"),
        icon="file-text",
        order=73,
        permission=rights.FILE_VIEW,
        intro=_("The last month of each building; earlier ones stand on the building's fire file."),
        rows=lambda actor, _params: queries.months(actor, months_later(clock.today().replace(day=1), -1)),
        columns=(
            Column(id="name", label=_("building"), value="file.place_name", width="wide"),
            Column(id="code", label=_("code"), value="file.key"),
            Column(id="month", label=_("month"), value=lambda month: f"{month.first:%Y-%m}"),
        ),
        detail="fire.month",
        empty=_("No building has a fire file yet. Open the first one."),
    ),
    DetailPage(
        id="fire.month",
        title=_("monthly safety report"),
        permission=rights.FILE_VIEW,
        subject=queries.month_for,
        heading=lambda month: f"{month.file.place_name} {month.first:%Y-%m}",
        panels=(
            Panel(id="building", title=_("Building"), form="facts", source=building),
            Panel(id="figures", title=_("In numbers"), form="figures", source=figures, wide=True),
            Panel(
                id="causes",
                title=_("Why there were alarms"),
                form="facts",
                source=causes,
                permission="telemetry.alarm.view",
                empty=_("No alarm was closed with a cause."),
            ),
            Panel(
                id="alarms",
                title=_("Alarms"),
                form="table",
                source=queries.alarms_of_month,
                columns=ALARM_COLUMNS,
                permission="telemetry.alarm.view",
                wide=True,
                empty=_("There was no alarm."),
            ),
            Panel(
                id="hazards",
                title=_("Hazards that are open or were closed"),
                form="table",
                source=queries.hazards_of_month,
                columns=HAZARD_COLUMNS,
                permission=rights.VIEW,
                wide=True,
                empty=_("There was no hazard."),
            ),
            Panel(
                id="drills",
                title=_("Drills"),
                form="table",
                source=lambda _actor, month: queries.drills_of_month(month),
                columns=(
                    Column(id="on", label=_("held on"), value="held_on", kind=Kind.DATE),
                    Column(id="kind", label=_("kind"), value="get_kind_display"),
                    Column(id="people", label=_("people who took part"), value="people", kind=Kind.NUMBER),
                    Column(id="found", label=_("what was found"), value="found"),
                ),
                empty=_("No drill is recorded."),
            ),
            Panel(
                id="upkeep",
                title=_("Maintenance due"),
                form="table",
                source=lambda _actor, month: queries.upkeep_of_month(month),
                columns=(
                    Column(id="what", label=_("what is to be done"), value="what"),
                    Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE),
                    Column(id="done", label=_("done on"), value="done_on", kind=Kind.DATE),
                ),
                empty=_("Nothing was due."),
            ),
        ),
    ),
)
