"""The doors of sites that are rebuilt in place."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.renewal import forms, queries, rights
from zhen.packs.renewal.actions import doors as actions
from zhen.packs.renewal.models import Door, DoorFact, Project
from zhen.packs.renewal.screens import pictures, works
from zhen.packs.renewal.screens.common import of
from zhen.packs.renewal.screens.pictures import of_project

# What was seen of the site stands on the door's page too: from “100 %” to the photo that shows the empty house.
VISITS = replace(works.VISITS, id="site_visits", source=lambda _actor, door: queries.visits_of(door.project))
PICTURES = replace(pictures.PICTURES, id="site_pictures", source=lambda actor, door: of_project(actor, door.project))
WAITING = {"facts__entered_at__isnull": False, "facts__confirmed_at__isnull": True}


def state(fact: DoorFact | None) -> Chip:
    if fact is None or fact.entered_at is None:
        return Chip(text=_("open"))
    if fact.confirmed_at is None:
        return Chip(text=_("to be confirmed"), tone=Tone.DUE_SOON)
    return Chip(text=fact.on.isoformat() if fact.on else "", tone=Tone.ON_TRACK)


def fact_of(kind: str) -> Any:
    def chip(door: Door) -> Chip:
        return state(next((one for one in door.facts.all() if one.kind == kind), None))

    return chip


def url_of(door: Door) -> str:
    return reverse("page:renewal.door", kwargs={"key": door.pk})


def facts_of(_actor: Actor, door: Door) -> Any:
    return DoorFact.objects.filter(door=door).select_related("entered_by", "confirmed_by").order_by("pk")


def waiting(actor: Actor, door: Door) -> DoorFact | None:
    """What somebody else has entered of the door."""
    found = [one for one in door.facts.all() if one.entered_at is not None and one.confirmed_at is None]
    return next((one for one in found if one.entered_by_id != actor.user_id), None)


def confirm(actor: Actor, door: Door, _data: Any) -> str:
    fact = waiting(actor, door)
    assert fact is not None, "the button is only shown then"
    actions.confirm_fact(actor, fact)
    return url_of(door)


def save_doors(actor: Actor, project: Project, form: forms.DoorsForm) -> str:
    actions.add_doors(actor, project, form.cleaned_data["labels"].splitlines())
    return of(project)


def save_fact(actor: Actor, door: Door, form: forms.FactForm) -> str:
    given = form.cleaned_data
    fact = next(one for one in door.facts.all() if one.kind == given["kind"])
    actions.enter_fact(actor, fact, on=given["on"], proof=given["proof"])
    return url_of(door)


def save_back(actor: Actor, door: Door, form: forms.ReasonForm) -> str:
    fact = waiting(actor, door)
    if fact is not None:
        actions.send_back(actor, fact, form.cleaned_data["reason"])
    return url_of(door)


def can_confirm(actor: Actor, door: Door) -> bool:
    return waiting(actor, door) is not None


def can_enter(_actor: Actor, door: Door) -> bool:
    return any(one.confirmed_at is None for one in door.facts.all())


PAGES = (
    ListPage(
        id="renewal.doors",
        title=_("Doors of sites rebuilt in place"),
        menu=_("Doors of sites rebuilt in place"),
        icon="door-open",
        order=69,
        permission=rights.DOOR_VIEW,
        intro=_("Each door has three facts: entered by one with the proof, confirmed by another. No names stand here."),
        rows=lambda actor, _params: queries.doors(actor),
        columns=(
            Column(id="site", label=_("site"), value="project.name", sort="project__name", width="wide"),
            Column(id="number", label=_("number"), value="number", kind=Kind.NUMBER, sort="number"),
            Column(id="label", label=_("door"), value="label", sort="label", sensitive=True),
            *(
                Column(id=kind.value, label=kind.label, value=fact_of(kind.value), kind=Kind.CHIP)
                for kind in DoorFact.Kind
            ),
        ),
        filters=(
            Filter(
                id="state",
                label=_("state"),
                apply=lambda rows, _value: rows.filter(**WAITING).distinct(),
                choices=(Choice(value="waiting", label=_("to be confirmed")),),
            ),
        ),
        search=lambda rows, words: rows.filter(label__icontains=words),
        order_by=("project", "number"),
        detail="renewal.door",
        export=False,
        empty=_("No door is entered. Open a site that is rebuilt in place, and enter its doors."),
    ),
    DetailPage(
        id="renewal.door",
        title=_("door"),
        permission=rights.DOOR_VIEW,
        subject=queries.door_for,
        heading=lambda door: f"{door.project.name} {door.number}",
        panels=(
            Panel(
                id="door",
                title=_("door"),
                form="facts",
                source=lambda _actor, door: [(_("door"), door.label), (_("number"), door.number)],
            ),
            Panel(
                id="facts",
                title=_("Three facts"),
                form="table",
                source=facts_of,
                columns=(
                    Column(id="fact", label=_("fact"), value="get_kind_display"),
                    Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
                    Column(id="on", label=_("day"), value="on", kind=Kind.DATE),
                    Column(id="proof", label=_("proof"), value="proof", width="wide"),
                    Column(id="entered", label=_("entered by"), value="entered_by", kind=Kind.PERSON),
                    Column(id="confirmed", label=_("confirmed by"), value="confirmed_by", kind=Kind.PERSON),
                ),
                wide=True,
            ),
            Panel(
                id="site",
                title=_("Site"),
                form="links",
                source=lambda _actor, door: [Link(text=door.project.name, url=of(door.project))],
            ),
            VISITS,
            PICTURES,
        ),
        buttons=(
            Button(
                id="enter",
                label=_("Enter a fact"),
                permission=rights.DOOR_ENTER,
                form="renewal.door_enter",
                shown=can_enter,
            ),
            Button(
                id="confirm",
                label=_("Confirm"),
                permission=rights.DOOR_CONFIRM,
                run=confirm,
                confirm=_("You have seen the proof. The fact counts from now on."),
                shown=can_confirm,
            ),
            Button(
                id="send_back",
                label=_("Send back"),
                permission=rights.DOOR_CONFIRM,
                form="renewal.door_send_back",
                shown=can_confirm,
            ),
        ),
    ),
    FormPage(
        id="renewal.doors_new",
        title=_("Enter doors"),
        permission=rights.DOOR_ENTER,
        subject=queries.project_for,
        form=lambda _actor, _project, data, _files: forms.DoorsForm(data),
        save=save_doors,
        submit=_("Enter"),
        draft=False,
    ),
    FormPage(
        id="renewal.door_enter",
        title=_("Enter a fact"),
        permission=rights.DOOR_ENTER,
        subject=queries.door_for,
        form=lambda _actor, door, data, _files: forms.FactForm(data, list(door.facts.all())),
        save=save_fact,
        submit=_("Enter"),
        draft=False,
    ),
    FormPage(
        id="renewal.door_send_back",
        title=_("Send back"),
        permission=rights.DOOR_CONFIRM,
        subject=queries.door_for,
        form=lambda _actor, _door, data, _files: forms.ReasonForm(data),
        save=save_back,
        submit=_("Send back"),
        draft=False,
    ),
)
