"""One page of each kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from tests.dummy_pack import actions, queries
from tests.dummy_pack.actions import CHANGE, VIEW
from tests.dummy_pack.models import Bench
from zhen.kernel.access.api import Actor
from zhen.kernel.forms.api import FormSchema, SchemaForm, django_form
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    BoardPage,
    Button,
    Chip,
    Choice,
    Column,
    DashboardPage,
    DetailPage,
    Face,
    Figure,
    FilePage,
    Filter,
    FormPage,
    HomePanel,
    Kind,
    ListPage,
    Made,
    MapPage,
    Month,
    Panel,
    Params,
    Tone,
)

TONES = {
    Bench.State.WHOLE: Tone.ON_TRACK,
    Bench.State.BROKEN: Tone.OVERDUE,
    Bench.State.GONE: Tone.NEUTRAL,
}


def state(bench: Bench) -> Chip:
    known = Bench.State(bench.state)
    return Chip(text=known.label, tone=TONES[known])


def by_state(actor: Actor, params: Params) -> Sequence[tuple[Chip, Any]]:
    return [(Chip(text=one.label, tone=TONES[one]), queries.benches(actor).filter(state=one)) for one in Bench.State]


BENCH_FORM = FormSchema(
    id="dummy_pack.bench",
    name=_("Bench"),
    schema={
        "type": "object",
        "properties": {"name": {"type": "string", "title": _("name"), "maxLength": 60}},
        "required": ["name"],
    },
)


def save(actor: Actor, subject: None, form: SchemaForm) -> str:
    unit = queries.units(actor).first()
    assert unit is not None
    bench = actions.put_up(actor, form.given["name"], unit)
    return f"/desk/dummy_pack/benches/{bench.pk}/"


COLUMNS = (
    Column(id="name", label=_("name"), value="name", sort="name"),
    Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
)
BENCHES = ListPage(
    id="dummy_pack.benches",
    title=_("Benches"),
    menu=_("Benches"),
    permission=VIEW,
    rows=lambda actor, params: queries.benches(actor),
    columns=COLUMNS,
    filters=(
        Filter(
            id="state",
            label=_("state"),
            apply=lambda rows, value: rows.filter(state=value),
            choices=tuple(Choice(value=one.value, label=one.label) for one in Bench.State),
        ),
    ),
    search=lambda rows, text: rows.filter(name__icontains=text),
    order_by=("name",),
    detail="dummy_pack.bench",
    bulk=(
        Button(
            id="break",
            label=_("Break"),
            permission=CHANGE,
            run=lambda actor, chosen, data: [actions.change_state(actor, one, Bench.State.BROKEN) for one in chosen],
            confirm=_("The chosen benches break."),
        ),
    ),
    empty=_("Put up a bench, and it stands here."),
    live=frozenset({"dummy_pack.put_up"}),
)
BENCH = DetailPage(
    id="dummy_pack.bench",
    title=_("Bench"),
    permission=VIEW,
    subject=queries.bench,
    heading=lambda bench: bench.name,
    chips=lambda bench: (state(bench),),
    buttons=(Button(id="label", label=_("Label"), permission=VIEW, form="dummy_pack.label"),),
    panels=(
        Panel(id="facts", title=_("Facts"), form="facts", source=lambda actor, bench: ((_("name"), bench.name),)),
        Panel(id="history", title=_("History"), form="timeline", source=lambda actor, bench: journal.timeline(bench)),
    ),
)
NEW = FormPage(
    id="dummy_pack.new",
    title=_("Put up a bench"),
    permission=CHANGE,
    form=lambda actor, subject, data, files: django_form(BENCH_FORM.schema)(data),
    save=save,
)
LABEL = FilePage(
    id="dummy_pack.label",
    title=_("Label"),
    permission=VIEW,
    subject=queries.bench,
    make=lambda actor, bench: Made(name=f"{bench.name}.txt", media="text/plain", data=bench.name.encode()),
)
BOARD = BoardPage(
    id="dummy_pack.board",
    title=_("Benches by state"),
    permission=VIEW,
    columns=by_state,
    card=COLUMNS,
    detail="dummy_pack.bench",
)
MAP = MapPage(
    id="dummy_pack.map",
    title=_("Map of benches"),
    permission=VIEW,
    features=lambda actor, params: queries.features(actor),
    rows=lambda actor, params: queries.benches(actor),
    columns=COLUMNS,
    detail="dummy_pack.bench",
)
NUMBERS = DashboardPage(
    id="dummy_pack.numbers",
    title=_("Benches in numbers"),
    face=Face.COCKPIT,
    permission=VIEW,
    panels=(
        Panel(
            id="all",
            title=_("Benches"),
            form="figures",
            source=lambda actor, params: (Figure(label=_("Benches"), value=queries.benches(actor).count()),),
        ),
        Panel(
            id="calendar",
            title=_("This month"),
            form="calendar",
            source=lambda actor, params: (
                Month(first=clock.today().replace(day=1), marks={clock.today(): Chip(text=_("today"))}),
            ),
        ),
    ),
)
HOME = HomePanel(
    id="dummy_pack.broken",
    title=_("Broken benches"),
    face=Face.DESK,
    permission=VIEW,
    form="table",
    source=lambda actor, params: queries.benches(actor).filter(state=Bench.State.BROKEN)[:5],
    columns=COLUMNS,
)
PAGES = (BENCHES, BENCH, NEW, LABEL, BOARD, MAP, NUMBERS)
