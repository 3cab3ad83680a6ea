"""The tree of units."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.actions.units import close_unit, create_unit, edit_unit, move_unit
from zhen.kernel.identity.forms import CloseUnitForm, EditUnitForm, MoveUnitForm, UnitForm
from zhen.kernel.identity.models import Placement, Post, Unit
from zhen.kernel.identity.pages.people import DIRECTORY, role_name
from zhen.kernel.identity.queries import posts_on, unit, unit_tree
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    ListPage,
    Panel,
    Params,
    Tone,
)

MANAGE = "identity.unit.manage"


@dataclass(frozen=True, kw_only=True)
class Branch:
    """A unit in the list that shows the tree."""

    pk: int
    code: str
    indented: str
    people: int


def branches(actor: Actor, _params: Params) -> list[Branch]:
    return [
        Branch(pk=found.pk, code=found.code, indented="　" * depth + found.name, people=count)
        for found, depth, count in unit_tree(actor, day=clock.today())
    ]


def facts(_actor: Actor, subject: Unit) -> list[Fact]:
    return [
        Fact(label=_("Code"), value=subject.code),
        Fact(label=_("closed on"), value=subject.closed_on, kind=Kind.DATE),
    ]


def placements(_actor: Actor, subject: Unit) -> QuerySet[Placement]:
    return subject.placements.select_related("parent").order_by("-valid_from")


def posts(_actor: Actor, subject: Unit) -> QuerySet[Post]:
    return posts_on(clock.today()).filter(unit=subject).select_related("user").order_by("user__name_key")


def save_new(actor: Actor, _subject: None, form: UnitForm) -> str:
    return of(create_unit(actor, **form.cleaned_data))


def save_edit(actor: Actor, subject: Unit, form: EditUnitForm) -> str:
    return of(edit_unit(actor, subject, **form.cleaned_data))


def save_move(actor: Actor, subject: Unit, form: MoveUnitForm) -> str:
    move_unit(actor, subject, **form.cleaned_data)
    return of(subject)


def save_close(actor: Actor, subject: Unit, form: CloseUnitForm) -> str:
    return of(close_unit(actor, subject, **form.cleaned_data))


def of(subject: Unit) -> str:
    return reverse("page:identity.unit", kwargs={"key": str(subject.pk)})


def is_open(_actor: Actor, subject: Unit) -> bool:
    return subject.closed_on is None


UNITS = (
    ListPage(
        id="identity.units",
        title=_("Units"),
        menu=_("Units"),
        icon="network",
        order=820,
        permission=DIRECTORY,
        rows=branches,
        columns=(
            Column(id="name", label=_("Name"), value="indented"),
            Column(id="code", label=_("Code"), value="code"),
            Column(id="people", label=_("People"), value="people", kind=Kind.NUMBER),
        ),
        detail="identity.unit",
        buttons=(Button(id="new", label=_("New unit"), permission=MANAGE, form="identity.unit_new"),),
        empty=_("There is no unit yet. The system administrator creates them."),
    ),
    DetailPage(
        id="identity.unit",
        title=_("unit"),
        permission=DIRECTORY,
        subject=unit,
        heading=str,
        chips=lambda subject: (Chip(text=_("closed"), tone=Tone.BEHIND),) if subject.closed_on else (),
        panels=(
            Panel(id="facts", title=_("unit"), form="facts", source=facts),
            Panel(
                id="placements",
                title=_("Place in the tree"),
                form="table",
                source=placements,
                columns=(
                    Column(id="parent", label=_("superior unit"), value="parent"),
                    Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE),
                    Column(id="to", label=_("to"), value="valid_to", kind=Kind.DATE),
                ),
            ),
            Panel(
                id="posts",
                title=_("Posts"),
                form="table",
                source=posts,
                columns=(
                    Column(id="person", label=_("person"), value="user"),
                    Column(id="role", label=_("role"), value=role_name),
                    Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE),
                ),
                wide=True,
                empty=_("Nobody holds a post here today."),
            ),
            Panel(
                id="history",
                title=_("History"),
                form="timeline",
                source=lambda _actor, subject: journal.timeline(subject),
                permission=MANAGE,
                wide=True,
            ),
        ),
        buttons=(
            Button(id="edit", label=_("Change"), permission=MANAGE, form="identity.unit_edit", key="e"),
            Button(id="move", label=_("Move"), permission=MANAGE, form="identity.unit_move", shown=is_open),
            Button(id="close", label=_("Close the unit"), permission=MANAGE, form="identity.unit_close", shown=is_open),
        ),
    ),
    FormPage(
        id="identity.unit_new",
        title=_("New unit"),
        permission=MANAGE,
        form=lambda _actor, _subject, data, _files: UnitForm(data),
        save=save_new,
        submit=_("Create the unit"),
    ),
    FormPage(
        id="identity.unit_edit",
        title=_("Change a unit"),
        permission=MANAGE,
        subject=unit,
        form=lambda _actor, subject, data, _files: EditUnitForm(
            data, initial={"name": subject.name, "order": subject.order}
        ),
        save=save_edit,
        submit=_("Save"),
    ),
    FormPage(
        id="identity.unit_move",
        title=_("Move a unit"),
        intro=_("Until that day the tree stays as it is; figures of the past do not change."),
        permission=MANAGE,
        subject=unit,
        form=lambda _actor, _subject, data, _files: MoveUnitForm(data),
        save=save_move,
        submit=_("Move"),
    ),
    FormPage(
        id="identity.unit_close",
        title=_("Close a unit"),
        permission=MANAGE,
        subject=unit,
        form=lambda _actor, _subject, data, _files: CloseUnitForm(data),
        save=save_close,
        submit=_("Close the unit"),
        draft=False,
    ),
)
