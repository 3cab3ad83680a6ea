"""The pages of upkeep: premises with what was seen there, and the stock of unauthorised structures."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES, Case
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
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
from zhen.kernel.rounds.api import Finding, Visit, findings, visits
from zhen.packs.upkeep import actions, forms, queries, rights
from zhen.packs.upkeep.models import Premises, Structure
from zhen.packs.upkeep.sources import PREMISES

STANDING = {
    "stands": Q(removed_on__isnull=True, void=False),
    "removed": Q(removed_on__isnull=False),
    "void": Q(void=True),
}


def open_chip(premises: Premises) -> Chip:
    gone = premises.closed_on is not None
    return Chip(text=_("closed")) if gone else Chip(text=_("open"), tone=Tone.ON_TRACK)


def facts(_actor: Actor, premises: Premises) -> list[Fact]:
    return [
        Fact(label=_("kind"), value=premises.get_kind_display()),
        Fact(label=_("address"), value=premises.address, kind=Kind.PLACE),
        Fact(label=_("unit in charge"), value=premises.unit.name),
        Fact(label=_("steward"), value=premises.steward, kind=Kind.PERSON),
        Fact(label=_("since"), value=premises.since, kind=Kind.DATE),
        Fact(label=_("closed on"), value=premises.closed_on, kind=Kind.DATE),
    ]


def visits_of(actor: Actor, premises: Premises) -> QuerySet[Visit]:
    rows = visits(actor).filter(subject__source=PREMISES, subject__ref=str(premises.pk))
    return rows.order_by("-planned_on", "-pk")


def findings_of(actor: Actor, premises: Premises) -> QuerySet[Finding]:
    rows = findings(actor).filter(subject__source=PREMISES, subject__ref=str(premises.pk))
    return rows.order_by("over_at", "-found_at")


def where(_actor: Actor, premises: Premises) -> dict[str, Any]:
    points = [] if premises.lon is None else [[premises.lon, premises.lat]]
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": point},
                "properties": {"name": premises.name, "tone": "neutral"},
            }
            for point in points
        ],
    }


def visit_link(visit: Visit) -> Link:
    return Link(text=visit.planned_on.isoformat(), url=reverse("page:rounds.visit", kwargs={"key": visit.key}))


def case_link(case: Case | None) -> Link | str:
    return Link(text=case.number, url=f"/desk/cases/{case.number}/") if case is not None else ""


def case_state(case: Case) -> Chip:
    state = CASE_TYPES[case.type].state(case.state)
    return Chip(text=state.name, tone=state.tone)


def of(premises: Premises) -> str:
    return reverse("page:upkeep.premises_one", kwargs={"key": premises.pk})


def save_new(actor: Actor, _subject: None, form: forms.PremisesForm) -> str:
    return of(actions.add_premises(actor, form.cleaned_data))


def save(actor: Actor, premises: Premises, form: forms.PremisesForm) -> str:
    return of(actions.change_premises(actor, premises, form.cleaned_data))


def save_closed(actor: Actor, premises: Premises, form: forms.CloseForm) -> str:
    return of(actions.close_premises(actor, premises, form.cleaned_data["on"]))


def save_discovery(actor: Actor, _subject: None, form: forms.DiscoveryForm) -> str:
    made = actions.discover(actor, form.discovery(), form.cleaned_data["photos"])
    return f"/desk/cases/{made.case.number}/"


def choices(kinds: type[Premises.Kind] | type[Structure.Kind]) -> tuple[Choice, ...]:
    return tuple(Choice(value=one.value, label=one.label) for one in kinds)


def still_open(_actor: Actor, premises: Premises) -> bool:
    return premises.closed_on is None


PAGES = (
    ListPage(
        id="upkeep.premises",
        title=_("Premises and points"),
        menu=_("Premises and points"),
        icon="store",
        order=65,
        permission=rights.REGISTER_VIEW,
        intro=_("What is kept up and looked at: firms, sites, rivers, waste-sorting points."),
        rows=lambda actor, _params: queries.premises(actor),
        columns=(
            Column(id="name", label=_("name"), value="name", sort="name", width="wide"),
            Column(id="kind", label=_("kind"), value="get_kind_display", sort="kind"),
            Column(id="address", label=_("address"), value="address"),
            Column(id="unit", label=_("unit in charge"), value="unit.name"),
            Column(id="steward", label=_("steward"), value="steward", kind=Kind.PERSON),
            Column(id="state", label=_("state"), value=open_chip, kind=Kind.CHIP, sort="closed_on"),
        ),
        filters=(
            Filter(
                id="kind",
                label=_("kind"),
                apply=lambda rows, value: rows.filter(kind=value),
                choices=choices(Premises.Kind),
            ),
            Filter(
                id="state",
                label=_("state"),
                apply=lambda rows, value: rows.filter(closed_on__isnull=value == "open"),
                choices=(Choice(value="open", label=_("open")), Choice(value="closed", label=_("closed"))),
            ),
        ),
        search=lambda rows, words: rows.filter(Q(name__icontains=words) | Q(address__icontains=words)),
        order_by=("kind", "name", "pk"),
        detail="upkeep.premises_one",
        buttons=(
            Button(id="new", label=_("Enter premises"), permission=rights.REGISTER_EDIT, form="upkeep.premises_new"),
        ),
        empty=_("Nothing is entered yet."),
    ),
    DetailPage(
        id="upkeep.premises_one",
        title=_("premises"),
        permission=rights.REGISTER_VIEW,
        subject=queries.premises_for,
        heading=lambda premises: premises.name,
        chips=lambda premises: (Chip(text=premises.get_kind_display()), open_chip(premises)),
        panels=(
            Panel(id="facts", title=_("What it is"), form="facts", source=facts),
            Panel(id="map", title=_("Where"), form="map", source=where),
            Panel(
                id="visits",
                title=_("Visits"),
                form="table",
                source=visits_of,
                columns=(
                    Column(id="day", label=_("day"), value=visit_link, kind=Kind.LINK),
                    Column(id="kind", label=_("kind"), value="get_kind_display"),
                    Column(id="state", label=_("state"), value="get_state_display"),
                    Column(id="outcome", label=_("outcome"), value="get_outcome_display"),
                    Column(
                        id="found",
                        label=pgettext_lazy("of a visit", "findings"),
                        value="findings_count",
                        kind=Kind.NUMBER,
                    ),
                ),
                permission="rounds.view",
                wide=True,
                empty=_("Nobody was there yet."),
            ),
            Panel(
                id="findings",
                title=pgettext_lazy("of visits", "Findings"),
                form="table",
                source=findings_of,
                columns=(
                    Column(id="title", label=pgettext_lazy("of a visit", "finding"), value="title"),
                    Column(id="found", label=_("found at"), value="found_at", kind=Kind.TIME),
                    Column(id="case", label=_("case number"), value=lambda row: case_link(row.case), kind=Kind.LINK),
                    Column(id="right", label=_("put right at"), value="rectified_at", kind=Kind.TIME),
                ),
                permission="rounds.view",
                wide=True,
                empty=_("Nothing was found here."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(id="edit", label=_("Edit"), permission=rights.REGISTER_EDIT, form="upkeep.premises_edit", key="e"),
            Button(
                id="close",
                label=_("Close"),
                permission=rights.REGISTER_EDIT,
                form="upkeep.premises_close",
                shown=still_open,
            ),
        ),
    ),
    FormPage(
        id="upkeep.premises_new",
        title=_("Enter premises"),
        permission=rights.REGISTER_EDIT,
        form=lambda _actor, _subject, data, _files: forms.PremisesForm(data),
        save=save_new,
        submit=_("Enter"),
    ),
    FormPage(
        id="upkeep.premises_edit",
        title=_("Edit premises"),
        permission=rights.REGISTER_EDIT,
        subject=queries.premises_for,
        form=lambda _actor, premises, data, _files: forms.PremisesForm(data, premises),
        save=save,
        submit=_("Save"),
    ),
    FormPage(
        id="upkeep.premises_close",
        title=_("Close premises"),
        permission=rights.REGISTER_EDIT,
        subject=queries.premises_for,
        form=lambda _actor, _premises, data, _files: forms.CloseForm(data),
        save=save_closed,
        submit=_("Close"),
    ),
    ListPage(
        id="upkeep.structures",
        title=_("Unauthorised structures"),
        menu=_("Unauthorised structures"),
        icon="construction",
        order=66,
        permission=rights.REGISTER_VIEW,
        intro=_("A structure enters with a photo, and leaves when somebody else has seen that it is gone."),
        rows=lambda actor, _params: queries.structures(actor),
        columns=(
            Column(id="number", label=_("case number"), value=lambda row: case_link(row.case), kind=Kind.LINK),
            Column(id="what", label=_("what it is"), value="what", width="wide"),
            Column(id="kind", label=_("kind"), value="get_kind_display", sort="kind"),
            Column(id="address", label=_("address"), value="address"),
            Column(id="area", label=_("area (m²)"), value="area_m2", kind=Kind.NUMBER, sort="area_m2"),
            Column(id="found", label=_("discovered on"), value="found_on", kind=Kind.DATE, sort="found_on"),
            Column(id="removed", label=_("removed on"), value="removed_on", kind=Kind.DATE, sort="removed_on"),
            Column(id="state", label=_("state"), value=lambda row: case_state(row.case), kind=Kind.CHIP),
        ),
        filters=(
            Filter(
                id="state",
                label=_("state"),
                apply=lambda rows, value: rows.filter(STANDING[value]),
                choices=(
                    Choice(value="stands", label=_("stands")),
                    Choice(value="removed", label=_("removed")),
                    Choice(value="void", label=_("none after all")),
                ),
            ),
            Filter(
                id="kind",
                label=_("kind"),
                apply=lambda rows, value: rows.filter(kind=value),
                choices=choices(Structure.Kind),
            ),
        ),
        search=lambda rows, words: rows.filter(Q(what__icontains=words) | Q(address__icontains=words)),
        order_by=("-found_on", "-pk"),
        buttons=(
            Button(id="new", label=_("Enter a discovery"), permission=rights.CREATE, form="upkeep.structure_new"),
        ),
        empty=_("No structure is in the stock."),
    ),
    FormPage(
        id="upkeep.structure_new",
        title=_("Enter a discovery"),
        permission=rights.CREATE,
        form=lambda actor, _subject, data, files: forms.DiscoveryForm(actor, data, files),
        save=save_discovery,
        submit=_("Enter"),
    ),
)
