"""Fire files: the list, a building with all that belongs to it, and the forms that change it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as stored
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Attached,
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.fire import actions, forms, queries, rights
from zhen.packs.fire.models import FireFile
from zhen.packs.fire.screens.common import ALARM_COLUMNS, HAZARD_COLUMNS, due_chip, of

KEY = FireFile.Category.KEY


def category(file: FireFile) -> Chip:
    known = FireFile.Category(file.category)
    return Chip(text=known.label, tone=Tone.BEHIND if known is KEY else Tone.NEUTRAL)


def upkeep_chip(file: Any) -> Chip:
    if file.late_upkeep:
        return Chip(text=_("maintenance overdue"), tone=Tone.OVERDUE)
    return Chip(text=_("maintained"), tone=Tone.ON_TRACK)


def facts(_actor: Actor, file: FireFile) -> list[Fact]:
    return [
        Fact(label=_("place"), value=file.place.code),
        Fact(label=_("class of the building"), value=file.get_building_class_display()),
        Fact(label=_("storeys"), value=file.storeys, kind=Kind.NUMBER),
        Fact(label=_("height (m)"), value=file.height_m, kind=Kind.NUMBER),
        Fact(label=_("floor area (m²)"), value=file.area_m2, kind=Kind.NUMBER),
        Fact(label=_("unit in charge"), value=file.unit.name),
        Fact(label=_("fire keeper"), value=file.keeper, kind=Kind.PERSON),
        Fact(label=_("fire control room"), value=file.duty_room),
        Fact(label=_("phone of the control room"), value=file.duty_phone),
        Fact(label=_("maintenance contractor"), value=file.contractor),
        Fact(label=_("contract until"), value=due_chip(file.contract_until), kind=Kind.CHIP),
    ]


def papers(actor: Actor, file: FireFile) -> list[Attached]:
    return [
        Attached(
            name=paper.title,
            url=stored.url(actor, paper.document),
            preview=stored.url(actor, paper.document, side=stored.SMALL) if paper.document.is_image else "",
            chips=[chip] if isinstance(chip := due_chip(paper.valid_until), Chip) else (),
        )
        for paper in file.papers.select_related("document")
    ]


def reports(_actor: Actor, file: FireFile) -> list[Link]:
    return [
        Link(
            text=f"{first:%Y-%m}",
            url=reverse("page:fire.month", kwargs={"key": queries.Month(file=file, first=first).key}),
        )
        for first in queries.last_months(clock.today(), 6)
    ]


def device_link(device: Any) -> Link:
    return Link(text=device.name, url=reverse("page:telemetry.device", kwargs={"key": device.code}))


def save_new(actor: Actor, _subject: None, form: Any) -> str:
    given = dict(form.cleaned_data)
    return of(actions.open_file(actor, given.pop("place"), given))


def save(actor: Actor, file: FireFile, form: Any) -> str:
    return of(actions.edit_file(actor, file, form.cleaned_data))


def fresh(actor: Actor, file: FireFile) -> FireFile:
    """A form writes into its instance; the action compares with what stands."""
    return queries.file_for(actor, file.key)


def find(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for word in words.split():
        rows = rows.filter(Q(place__code__icontains=word) | Q(place_name__icontains=word))
    return rows


PAGES = (
    ListPage(
        id="fire.files",
        title=_("Fire files"),
        menu=_("Fire files"),
        icon="flame",
        order=70,
        permission=rights.FILE_VIEW,
        intro=_("What stands in each building against fire, who keeps it, and what is due."),
        rows=lambda actor, _params: queries.files(actor),
        columns=(
            Column(id="name", label=_("building"), value="place_name", sort="place_name", width="wide"),
            Column(id="code", label=_("code"), value="place.code", sort="place__code"),
            Column(id="category", label=_("category"), value=category, kind=Kind.CHIP, sort="category"),
            Column(id="class", label=_("class of the building"), value="get_building_class_display"),
            Column(id="keeper", label=_("fire keeper"), value="keeper", kind=Kind.PERSON),
            Column(
                id="contract",
                label=_("contract until"),
                value=lambda file: due_chip(file.contract_until),
                kind=Kind.CHIP,
                sort="contract_until",
            ),
            Column(id="upkeep", label=_("maintenance"), value=upkeep_chip, kind=Kind.CHIP),
        ),
        filters=(
            Filter(
                id="category",
                label=_("category"),
                apply=lambda rows, value: rows.filter(category=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in FireFile.Category),
            ),
            Filter(
                id="late",
                label=_("maintenance"),
                apply=lambda rows, value: rows.filter(late_upkeep=value == "late"),
                choices=(
                    Choice(value="late", label=_("maintenance overdue")),
                    Choice(value="good", label=_("maintained")),
                ),
            ),
        ),
        search=find,
        order_by=("place__code",),
        detail="fire.file",
        buttons=(Button(id="new", label=_("Open a fire file"), permission=rights.FILE_EDIT, form="fire.file_new"),),
        empty=_("No building has a fire file yet. Open the first one."),
    ),
    DetailPage(
        id="fire.file",
        title=_("fire file"),
        permission=rights.FILE_VIEW,
        subject=queries.file_for,
        heading=lambda file: file.place_name or file.key,
        chips=lambda file: (category(file), upkeep_chip(file)),
        panels=(
            Panel(id="facts", title=_("Building"), form="facts", source=facts),
            Panel(
                id="alarms",
                title=_("Open alarms"),
                form="table",
                source=queries.open_alarms,
                columns=ALARM_COLUMNS[:-1],
                permission="telemetry.alarm.view",
                empty=_("No alarm is open."),
            ),
            Panel(
                id="hazards",
                title=_("Hazards"),
                form="table",
                source=queries.hazards,
                columns=HAZARD_COLUMNS,
                permission=rights.VIEW,
                wide=True,
                empty=_("No hazard was found here."),
            ),
            Panel(
                id="devices",
                title=_("Devices"),
                form="table",
                source=queries.devices_of,
                columns=(
                    Column(id="name", label=_("name"), value=device_link, kind=Kind.LINK),
                    Column(id="kind", label=_("device profile"), value="kind_name"),
                    Column(id="spot", label=_("where exactly"), value="spot"),
                    Column(
                        id="end",
                        label=_("to be replaced by"),
                        value=lambda device: due_chip(device.end_of_life),
                        kind=Kind.CHIP,
                    ),
                ),
                permission="telemetry.device.view",
                wide=True,
                empty=_("No device watches this building."),
            ),
            Panel(
                id="equipment",
                title=_("Equipment"),
                form="table",
                source=lambda _actor, file: file.equipment.all(),
                columns=(
                    Column(id="kind", label=_("kind"), value="get_kind_display"),
                    Column(id="count", label=_("number of pieces"), value="count", kind=Kind.NUMBER),
                    Column(id="spot", label=_("where exactly"), value="spot"),
                    Column(
                        id="check",
                        label=_("to be checked by"),
                        value=lambda row: due_chip(row.check_due_on),
                        kind=Kind.CHIP,
                    ),
                    Column(
                        id="replace",
                        label=_("to be replaced by"),
                        value=lambda row: due_chip(row.replace_by),
                        kind=Kind.CHIP,
                    ),
                ),
                detail="fire.equipment",
                wide=True,
                empty=_("No extinguisher, hydrant or other equipment is entered."),
            ),
            Panel(
                id="upkeep",
                title=_("Maintenance"),
                form="table",
                source=lambda _actor, file: file.upkeep.order_by("done_on", "due_on")[:50],
                columns=(
                    Column(id="what", label=_("what is to be done"), value="what"),
                    Column(
                        id="due",
                        label=_("due on"),
                        value=lambda row: due_chip(row.due_on) if row.done_on is None else row.due_on.isoformat(),
                        kind=Kind.CHIP,
                    ),
                    Column(id="done", label=_("done on"), value="done_on", kind=Kind.DATE),
                    Column(id="found", label=_("what was found"), value="found"),
                ),
                detail="fire.upkeep",
                wide=True,
                empty=_("No maintenance is planned."),
            ),
            Panel(
                id="drills",
                title=_("Drills"),
                form="table",
                source=lambda _actor, file: file.drills.all()[:20],
                columns=(
                    Column(id="on", label=_("held on"), value="held_on", kind=Kind.DATE),
                    Column(id="kind", label=_("kind"), value="get_kind_display"),
                    Column(id="people", label=_("people who took part"), value="people", kind=Kind.NUMBER),
                    Column(id="minutes", label=_("minutes until all were out"), value="minutes", kind=Kind.NUMBER),
                    Column(id="found", label=_("what was found"), value="found"),
                ),
                wide=True,
                empty=_("No drill is recorded."),
            ),
            Panel(
                id="papers",
                title=_("Plans and certificates"),
                form="files",
                source=papers,
                empty=_("No plan of the building is kept."),
            ),
            Panel(id="months", title=_("Monthly reports"), form="links", source=reports),
            HISTORY,
        ),
        buttons=(
            Button(id="hazard", label=_("Report a hazard"), permission=rights.CREATE, form="fire.hazard_new", key="h"),
            Button(id="drill", label=_("Record a drill"), permission=rights.FILE_KEEP, form="fire.drill_new"),
            Button(id="equipment", label=_("Add equipment"), permission=rights.FILE_KEEP, form="fire.equipment_new"),
            Button(id="upkeep", label=_("Plan maintenance"), permission=rights.FILE_KEEP, form="fire.upkeep_new"),
            Button(id="paper", label=_("Add a plan"), permission=rights.FILE_KEEP, form="fire.paper_new"),
            Button(id="edit", label=_("Edit"), permission=rights.FILE_EDIT, form="fire.file_edit", key="e"),
        ),
        live=frozenset({"telemetry.alarm_opened", "telemetry.alarm_over", "telemetry.alarm_closed"}),
    ),
    FormPage(
        id="fire.file_new",
        title=_("Open a fire file"),
        permission=rights.FILE_EDIT,
        form=lambda _actor, _subject, data, _files: forms.NewFileForm(data),
        save=save_new,
        submit=_("Open the file"),
    ),
    FormPage(
        id="fire.file_edit",
        title=_("Edit the fire file"),
        permission=rights.FILE_EDIT,
        subject=queries.file_for,
        form=lambda actor, file, data, _files: forms.FileForm(data, fresh(actor, file)),
        save=save,
        submit=_("Save"),
    ),
)
