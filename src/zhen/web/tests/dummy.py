"""Pages of each kind over the units of the town, for the tests of the generic pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from zhen.kernel.access.api import Actor, Permission, Reach, Role
from zhen.kernel.identity.api import Unit
from zhen.kernel.lib.registry import Bundle
from zhen.kernel.pages.api import (
    BoardPage,
    Button,
    Chart,
    Chip,
    Choice,
    Column,
    DashboardPage,
    DetailPage,
    Face,
    Fact,
    Figure,
    Filter,
    FormPage,
    Happening,
    Hit,
    Kind,
    Link,
    ListPage,
    MapPage,
    Missing,
    Panel,
    SearchSource,
    Series,
    Slip,
    Tone,
)

PRESSED: list[Any] = []


def units(actor: Actor, params: Any) -> QuerySet[Unit]:
    return Unit.objects.all()


def one_unit(actor: Actor, key: str) -> Unit:
    unit = Unit.objects.filter(pk=key).first() if key.isdigit() else None
    if unit is None:
        raise Missing(key)
    return unit


def press(actor: Actor, chosen: Any, data: Any) -> None:
    PRESSED.append(sorted(unit.code for unit in chosen) if isinstance(chosen, QuerySet) else chosen)


def open_or_closed(rows: QuerySet[Unit], value: str) -> QuerySet[Unit]:
    return rows.filter(closed_on__isnull=value == "open")


class UnitForm(forms.Form):
    name = forms.CharField(label="Name", max_length=20, help_text="As on the door")
    order = forms.IntegerField(label="Order", min_value=1, max_value=999)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea)


class Refused(ValidationError):
    field = "name"


def unit_form(actor: Actor, unit: Unit | None, data: Any, files: Any) -> UnitForm:
    return UnitForm(data, files, initial={"name": unit.name, "order": unit.order} if unit else None)


def save_unit(actor: Actor, unit: Unit | None, form: UnitForm) -> str:
    if form.cleaned_data["name"] == "taken":
        raise Refused("The name “taken” is taken. Choose another.")
    assert unit is not None
    Unit.objects.filter(pk=unit.pk).update(name=form.cleaned_data["name"])
    return f"/desk/dummy/units/{unit.pk}/"


COLUMNS = (
    Column(id="name", label="Name", value="name", sort="name"),
    Column(id="code", label="Code", value="code", sort="code", kind=Kind.TEXT),
    Column(id="order", label="Order", value="order", sort="order", kind=Kind.NUMBER),
    Column(id="closed", label="Closed on", value="closed_on", kind=Kind.DATE),
    Column(
        id="state",
        label="State",
        kind=Kind.CHIP,
        value=lambda unit: Chip(text="closed", tone=Tone.OVERDUE) if unit.closed_on else Chip(text="open"),
    ),
    Column(id="secret", label="Secret", value=lambda unit: "secret", sensitive=True),
)

UNITS = ListPage(
    id="dummy.units",
    title="Units",
    menu="Units",
    icon="building",
    permission="dummy.view",
    rows=units,
    columns=COLUMNS,
    filters=(
        Filter(
            id="state",
            label="State",
            apply=open_or_closed,
            choices=(Choice(value="open", label="open"), Choice(value="closed", label="closed")),
        ),
    ),
    search=lambda rows, text: rows.filter(Q(name__icontains=text) | Q(code__icontains=text)),
    order_by=("code",),
    detail="dummy.unit",
    bulk=(Button(id="close", label="Close", permission="dummy.change", run=press, confirm="{count} units close."),),
    buttons=(Button(id="count", label="Count", permission="dummy.change", run=press),),
    empty="Units come from the list of the town's offices.",
    live=frozenset({"identity.unit_created"}),
)
UNIT = DetailPage(
    id="dummy.unit",
    title="Unit",
    permission="dummy.view",
    subject=one_unit,
    heading=lambda unit: unit.name,
    chips=lambda unit: (Chip(text="open", tone=Tone.ON_TRACK),),
    buttons=(
        Button(id="edit", label="Edit", permission="dummy.change", form="dummy.edit", key="e"),
        Button(id="close", label="Close", permission="dummy.change", run=press, confirm="The unit is closed."),
        Button(id="never", label="Never", permission="dummy.change", run=press, shown=lambda actor, unit: False),
    ),
    panels=(
        Panel(
            id="facts",
            title="Facts",
            form="facts",
            source=lambda actor, unit: (("Code", unit.code), Fact(label="Cost", value=123456, kind=Kind.MONEY)),
        ),
        Panel(id="table", title="Table", form="table", columns=COLUMNS[:2], source=units),
        Panel(
            id="timeline",
            title="History",
            form="timeline",
            source=lambda actor, unit: (
                Happening(at=datetime(2026, 5, 4, 1, 30, tzinfo=UTC), who="Alice", text="opened it"),
            ),
        ),
        Panel(
            id="figures",
            title="Figures",
            form="figures",
            source=lambda actor, unit: (
                Figure(label="Persons", value=110432, unit="人", period="2026", trend=-12, evidence="/desk/"),
                Figure(label="Trust", value=None, why="nobody asks"),
            ),
        ),
        Panel(
            id="slips",
            title="Slips",
            form="slips",
            source=lambda actor, unit: (
                Slip(text="Mend the roof", tone=Tone.BEHIND, url="/desk/", due=date(2026, 6, 1), owner="Office"),
            ),
        ),
        Panel(id="prose", title="Words", form="prose", source=lambda actor, unit: "First.\n\nSecond <b>."),
        Panel(
            id="map",
            title="Where",
            form="map",
            source=lambda actor, unit: {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "geometry": {"type": "Point", "coordinates": [121.38, 31.24]},
                        "properties": {"key": "1", "name": "甲"},
                    }
                ],
            },
        ),
        Panel(
            id="chart",
            title="Course",
            form="chart",
            source=lambda actor, unit: Chart(
                says="It rises.", labels=("May", "June"), series=(Series(name="Done", values=(1, None)),), unit="%"
            ),
        ),
        Panel(id="links", title="Ways", form="links", source=lambda actor, unit: (Link(text="Desk", url="/desk/"),)),
        Panel(id="hidden", title="Hidden", form="prose", permission="dummy.change", source=lambda actor, unit: "x"),
        Panel(id="bare", title="Bare", form="table", source=lambda actor, unit: (), empty="There is no bare thing."),
    ),
)
EDIT = FormPage(
    id="dummy.edit",
    title="Edit unit",
    permission="dummy.change",
    subject=one_unit,
    form=unit_form,
    save=save_unit,
    submit="Save unit",
)
BOARD = BoardPage(
    id="dummy.board",
    title="Board",
    menu="Board",
    permission="dummy.view",
    columns=lambda actor, params: (
        (Chip(text="open"), Unit.objects.filter(closed_on__isnull=True)),
        (Chip(text="closed", tone=Tone.OVERDUE), Unit.objects.filter(closed_on__isnull=False)),
    ),
    card=COLUMNS[:3],
    detail="dummy.unit",
    move=Button(id="move", label="Move", permission="dummy.change", run=press),
)
MAP = MapPage(
    id="dummy.map",
    title="Map",
    menu="Map",
    permission="dummy.view",
    features=lambda actor, params: {"type": "FeatureCollection", "features": []},
    rows=units,
    columns=COLUMNS[:2],
    detail="dummy.unit",
)
DASHBOARD = DashboardPage(
    id="dummy.numbers",
    title="Numbers",
    menu="Numbers",
    permission="dummy.view",
    panels=(
        Panel(id="one", title="One", form="figures", source=lambda actor, params: (Figure(label="One", value=1),)),
    ),
)
PUBLIC = ListPage(
    id="dummy.open",
    title="Open units",
    face=Face.PORTAL,
    menu="Open units",
    permission=None,
    rows=lambda actor, params: Unit.objects.filter(closed_on__isnull=True),
    columns=COLUMNS[:1],
    order_by=("code",),
)
SEARCH = SearchSource(
    id="dummy.units",
    label="Units",
    permission="dummy.view",
    find=lambda actor, terms, limit: (
        Hit(title=unit.name, url="/desk/", kind="unit", score=0.5, why="name")
        for unit in Unit.objects.filter(name__icontains=terms[0])[:limit]
    ),
)

BUNDLE = Bundle(
    owner="dummy",
    items=(
        Permission(id="dummy.view", name="see dummies"),
        Permission(id="dummy.change", name="change dummies"),
        Role(id="dummy_reader", name="reader", permissions=frozenset({"dummy.view"}), reach=Reach.TOWN),
        Role(
            id="dummy_writer",
            name="writer",
            permissions=frozenset({"dummy.view", "dummy.change"}),
            reach=Reach.TOWN,
        ),
        UNITS,
        UNIT,
        EDIT,
        BOARD,
        MAP,
        DASHBOARD,
        PUBLIC,
        SEARCH,
    ),
)
