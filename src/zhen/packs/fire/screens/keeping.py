"""Keeping a building: equipment, maintenance, drills, plans and hazards, each with its form."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Button,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Page,
    Panel,
)
from zhen.packs.fire import actions, forms, queries, rights
from zhen.packs.fire.models import Equipment, FireFile, Upkeep
from zhen.packs.fire.screens.common import due_chip, of


def adding(action: Any) -> Any:
    def save(actor: Actor, file: FireFile, form: Any) -> str:
        action(actor, file, form.cleaned_data)
        return of(file)

    return save


def save_paper(actor: Actor, file: FireFile, form: Any) -> str:
    given = form.cleaned_data
    (document,) = given["document"]
    actions.add_paper(actor, file, title=given["title"], document=document, valid_until=given["valid_until"])
    return of(file)


def save_hazard(actor: Actor, file: FireFile, form: Any) -> str:
    case = actions.report_hazard(actor, file, **form.cleaned_data)
    return f"/desk/cases/{case.number}/"


def save_check(actor: Actor, piece: Equipment, form: Any) -> str:
    actions.check_equipment(actor, piece, next_on=form.cleaned_data["next_on"])
    return of(piece.file)


def save_done(actor: Actor, task: Upkeep, form: Any) -> str:
    actions.finish_upkeep(actor, task, **form.cleaned_data)
    return of(task.file)


def new(id: str, title: Any, form: Any, save: Any, permission: str = rights.FILE_KEEP) -> Page:
    """A form that adds something to a building."""
    return FormPage(
        id=f"fire.{id}",
        title=title,
        permission=permission,
        subject=queries.file_for,
        form=form,
        save=save,
        submit=_("Save"),
    )


def plain(form: Any) -> Any:
    """A form that asks only for what was sent."""
    return lambda _actor, _file, data, _sent: form(data)


def late(rows: Any, value: str) -> Any:
    today = clock.today()
    return {
        "late": rows.filter(done_on=None, due_on__lt=today),
        "open": rows.filter(done_on=None),
        "done": rows.filter(done_on__isnull=False),
    }[value]


def way_back(_actor: Actor, row: Any) -> list[Link]:
    return [Link(text=_("The building's fire file"), url=of(row.file))]


ADDING = (
    new("equipment_new", _("Add equipment"), plain(forms.EquipmentForm), adding(actions.add_equipment)),
    new("upkeep_new", _("Plan maintenance"), plain(forms.UpkeepForm), adding(actions.plan_upkeep)),
    new("drill_new", _("Record a drill"), plain(forms.DrillForm), adding(actions.record_drill)),
    new("paper_new", _("Add a plan"), lambda actor, _file, data, sent: forms.PaperForm(data, sent, actor), save_paper),
    new("hazard_new", _("Report a hazard"), plain(forms.HazardForm), save_hazard, rights.CREATE),
)
PAGES = (
    *ADDING,
    ListPage(
        id="fire.upkeeps",
        title=_("Maintenance tasks"),
        menu=_("Maintenance tasks"),
        icon="wrench",
        order=71,
        permission=rights.FILE_VIEW,
        rows=lambda actor, _params: queries.upkeep(actor),
        columns=(
            Column(id="place", label=_("building"), value="place_name", sort="place_name"),
            Column(id="what", label=_("what is to be done"), value="what"),
            Column(
                id="due",
                label=_("due on"),
                value=lambda row: due_chip(row.due_on) if row.done_on is None else row.due_on.isoformat(),
                kind=Kind.CHIP,
                sort="due_on",
            ),
            Column(id="done", label=_("done on"), value="done_on", kind=Kind.DATE, sort="done_on"),
            Column(id="by", label=_("maintained by"), value="by", kind=Kind.PERSON),
        ),
        filters=(
            Filter(
                id="state",
                label=_("state"),
                apply=late,
                choices=(
                    Choice(value="late", label=_("overdue")),
                    Choice(value="open", label=_("open")),
                    Choice(value="done", label=_("done")),
                ),
            ),
        ),
        search=lambda rows, words: rows.filter(what__icontains=words),
        order_by=("due_on", "pk"),
        detail="fire.upkeep",
        empty=_("No maintenance is planned."),
    ),
    DetailPage(
        id="fire.upkeep",
        title=_("maintenance task"),
        permission=rights.FILE_VIEW,
        subject=queries.upkeep_for,
        heading=lambda task: task.what,
        panels=(
            Panel(
                id="facts",
                title=_("maintenance task"),
                form="facts",
                source=lambda _actor, task: [
                    Fact(label=_("building"), value=task.place_name),
                    Fact(label=_("due on"), value=task.due_on, kind=Kind.DATE),
                    Fact(label=_("repeats every … months"), value=task.every_months or None, kind=Kind.NUMBER),
                    Fact(label=_("done on"), value=task.done_on, kind=Kind.DATE),
                    Fact(label=_("maintained by"), value=task.by, kind=Kind.PERSON),
                    Fact(label=_("what was found"), value=task.found, kind=Kind.PROSE),
                ],
            ),
            Panel(id="ways", title=_("belongs to"), form="links", source=way_back),
        ),
        buttons=(
            Button(
                id="done",
                label=_("It is done"),
                permission=rights.FILE_KEEP,
                form="fire.upkeep_done",
                shown=lambda _actor, task: task.done_on is None,
                key="f",
            ),
        ),
    ),
    FormPage(
        id="fire.upkeep_done",
        title=_("It is done"),
        permission=rights.FILE_KEEP,
        subject=queries.upkeep_for,
        form=lambda _actor, _task, data, _files: forms.DoneForm(data, clock.today()),
        save=save_done,
        submit=_("It is done"),
    ),
    DetailPage(
        id="fire.equipment",
        title=_("fire equipment"),
        permission=rights.FILE_VIEW,
        subject=queries.equipment_for,
        heading=str,
        panels=(
            Panel(
                id="facts",
                title=_("fire equipment"),
                form="facts",
                source=lambda _actor, piece: [
                    Fact(label=_("kind"), value=piece.get_kind_display()),
                    Fact(label=_("number of pieces"), value=piece.count, kind=Kind.NUMBER),
                    Fact(label=_("where exactly"), value=piece.spot),
                    Fact(label=_("to be checked by"), value=piece.check_due_on, kind=Kind.DATE),
                    Fact(label=_("to be replaced by"), value=piece.replace_by, kind=Kind.DATE),
                ],
            ),
            Panel(id="ways", title=_("belongs to"), form="links", source=way_back),
        ),
        buttons=(
            Button(id="check", label=_("It was checked"), permission=rights.FILE_KEEP, form="fire.equipment_check"),
        ),
    ),
    FormPage(
        id="fire.equipment_check",
        title=_("It was checked"),
        permission=rights.FILE_KEEP,
        subject=queries.equipment_for,
        form=lambda _actor, _piece, data, _files: forms.CheckForm(data),
        save=save_check,
        submit=_("It was checked"),
    ),
)
