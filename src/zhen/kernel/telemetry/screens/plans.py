"""Floor plans: the list, one plan with its devices, and the forms that enter it and place devices on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import MEGABYTE, UploadField
from zhen.kernel.identity.api import Unit
from zhen.kernel.journal.api import timeline
from zhen.kernel.pages.api import Button, Column, DetailPage, Drawing, Fact, FormPage, Kind, Link, ListPage, Panel
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.alarms.screens.common import LIVE
from zhen.kernel.telemetry.devices.states import device_chip
from zhen.kernel.telemetry.devices.values import MANAGE, VIEW
from zhen.kernel.telemetry.models import Device, FloorPlan
from zhen.kernel.telemetry.plans import actions, queries
from zhen.kernel.telemetry.plans.fields import PinsField
from zhen.kernel.telemetry.screens.forms import unit_choices

MOST_BYTES = 8 * MEGABYTE
CHANGES = LIVE | {"telemetry.plan_added", "telemetry.plan_changed", "telemetry.pins_set", "telemetry.plan_removed"}


class PlanForm(forms.Form):
    name = forms.CharField(label=_("floor"), max_length=40, help_text=_("Such as: 1st floor, basement, roof."))
    order = forms.IntegerField(
        label=_("order, from below"), min_value=-20, max_value=200, initial=1, help_text=_("The ground floor is 1.")
    )

    def __init__(self, data: Any, sent: Any, actor: Actor, *, entering: bool, **options: Any) -> None:
        super().__init__(data, sent, **options)
        self.fields["image"] = UploadField(
            actor,
            kinds=actions.KINDS,
            max_bytes=MOST_BYTES,
            most=1,
            label=_("picture"),
            required=entering,
            help_text=_("A plan as seen from above, PNG or JPEG."),
        )
        if entering:
            self.fields["unit"] = forms.TypedChoiceField(label=_("unit in charge"), coerce=int, choices=unit_choices)
        else:
            self.fields["revision"] = forms.IntegerField(widget=forms.HiddenInput)

    @property
    def picture(self) -> Any:
        return next(iter(self.cleaned_data["image"]), None)


class PinsForm(forms.Form):
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, actor: Actor, plan: FloorPlan, data: Any) -> None:
        super().__init__(data, initial={"revision": plan.revision})
        self.fields["spots"] = PinsField(actor, plan, queries.placeable(actor, plan), label=_("where the devices are"))


def save_new(actor: Actor, place: places.Place, form: PlanForm) -> str:
    given = form.cleaned_data
    unit = Unit.objects.get(pk=given["unit"])
    made = actions.add_plan(actor, place=place, unit=unit, name=given["name"], order=given["order"], image=form.picture)
    return reverse("page:telemetry.plan_pins", kwargs={"key": made.pk})


def save_change(actor: Actor, plan: FloorPlan, form: PlanForm) -> str:
    given = form.cleaned_data
    actions.change_plan(actor, plan.pk, given["revision"], name=given["name"], order=given["order"], image=form.picture)
    return queries.url_of(plan)


def save_pins(actor: Actor, plan: FloorPlan, form: PinsForm) -> str:
    actions.set_pins(actor, plan.pk, form.cleaned_data["revision"], form.cleaned_data["spots"])
    return queries.url_of(plan)


def remove(actor: Actor, plan: FloorPlan, _data: Any) -> str:
    actions.remove_plan(actor, plan.pk)
    return reverse("page:telemetry.plans")


def drawn(actor: Actor, plan: FloorPlan) -> list[Drawing]:
    return queries.drawings(actor, [plan])


def on_it(actor: Actor, plan: FloorPlan) -> list[Device]:
    """Those in alarm first."""
    return [one.device for one in reversed(queries.placed(actor, [plan.pk]))]


def facts(_actor: Actor, plan: Any) -> list[Fact]:
    building = reverse("page:telemetry.building", kwargs={"key": plan.place.code})
    return [
        Fact(label=_("place"), value=Link(text=plan.place_name or plan.place.code, url=building), kind=Kind.LINK),
        Fact(label=_("floor"), value=plan.name),
        Fact(label=_("unit in charge"), value=plan.unit.name),
        Fact(label=_("devices on it"), value=plan.placed or 0, kind=Kind.NUMBER),
        Fact(label=_("entered at"), value=plan.made_at, kind=Kind.TIME),
    ]


def by_words(rows: Any, words: str) -> Any:
    for word in words.split():
        rows = rows.filter(place_name__icontains=word)
    return rows


def of_device(row: Any) -> Link:
    return Link(text=row.name, url=reverse("page:telemetry.device", kwargs={"key": row.code}))


PAGES = (
    ListPage(
        id="telemetry.plans",
        title=_("Floor plans"),
        menu=_("Floor plans"),
        icon="map",
        order=51,
        permission=VIEW,
        intro=_("Pictures of floors with the devices on them. A new one is entered on the page of its building."),
        rows=lambda actor, _params: queries.plans(actor),
        columns=(
            Column(id="place", label=_("building"), value="place_name", sort="place_name", width="wide"),
            Column(id="name", label=_("floor"), value="name"),
            Column(id="placed", label=_("devices on it"), value=lambda row: row.placed or 0, kind=Kind.NUMBER),
            Column(id="unit", label=_("unit in charge"), value="unit.name"),
        ),
        search=by_words,
        order_by=("place_name", "order", "pk"),
        detail="telemetry.plan",
        empty=_("No floor plan was entered yet. Open a building under “How they stand”, and add one there."),
    ),
    DetailPage(
        id="telemetry.plan",
        title=_("floor plan"),
        permission=VIEW,
        subject=queries.plan,
        heading=lambda plan: f"{plan.place_name or plan.place.code} {plan.name}",
        panels=(
            Panel(id="plan", title=_("Floor plan"), form="plan", source=drawn, wide=True),
            Panel(
                id="devices",
                title=_("Devices on it"),
                form="table",
                source=on_it,
                columns=(
                    Column(id="name", label=_("device"), value=of_device, kind=Kind.LINK),
                    Column(id="spot", label=_("where exactly"), value="spot"),
                    Column(id="state", label=_("state"), value=device_chip, kind=Kind.CHIP),
                ),
                empty=_("No device is on it yet. Press “Place devices”."),
            ),
            Panel(id="facts", title=_("Facts"), form="facts", source=facts),
            Panel(id="history", title=_("History"), form="timeline", source=lambda _actor, plan: timeline(plan)),
        ),
        buttons=(
            Button(id="pins", label=_("Place devices"), permission=MANAGE, form="telemetry.plan_pins", key="e"),
            Button(id="change", label=_("Change the plan"), permission=MANAGE, form="telemetry.plan_change"),
            Button(
                id="remove",
                label=_("Remove the plan"),
                permission=MANAGE,
                run=remove,
                confirm=_("The picture goes, and where the devices are on it. The devices stay."),
            ),
        ),
        live=CHANGES,
        follows=True,
    ),
    FormPage(
        id="telemetry.plan_change",
        title=_("Change the plan"),
        permission=MANAGE,
        subject=queries.plan,
        form=lambda actor, plan, data, sent: PlanForm(
            data,
            sent,
            actor,
            entering=False,
            initial={"name": plan.name, "order": plan.order, "revision": plan.revision},
        ),
        save=save_change,
        submit=_("Save"),
        draft=False,
    ),
    FormPage(
        id="telemetry.plan_pins",
        title=_("Place devices"),
        permission=MANAGE,
        subject=queries.plan,
        form=lambda actor, plan, data, _sent: PinsForm(actor, plan, data),
        save=save_pins,
        submit=_("Save"),
        draft=False,
    ),
)


def entering(subject: Any) -> FormPage:
    """The form for a new plan; `subject(actor, key)` finds the place."""
    return FormPage(
        id="telemetry.plan_new",
        title=_("Add a floor plan"),
        permission=MANAGE,
        subject=subject,
        form=lambda actor, _place, data, sent: PlanForm(data, sent, actor, entering=True),
        save=lambda actor, found, form: save_new(actor, found.version.place, form),
        submit=_("Enter"),
        draft=False,
    )
