"""Benches are looked at: a checklist, where the benches come from, and the cases that findings open."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.utils.translation import gettext_lazy as _

from tests.dummy_pack import actions
from tests.dummy_pack.models import Bench
from zhen.kernel.pages.api import Choice
from zhen.kernel.places.api import places_at
from zhen.kernel.rounds.api import (
    NO,
    Checklist,
    FindingRule,
    Item,
    ItemKind,
    Match,
    NewSubject,
    Option,
    Severity,
    SourceFilter,
    SubjectSource,
    When,
    finding_table,
)

FINDING = finding_table.case_type(
    "dummy_pack.finding",
    name=_("bench finding"),
    prefix="BF",
    view=actions.VIEW,
    create=actions.CHANGE,
    handle=actions.CHANGE,
    close=actions.CHANGE,
)

BENCH_CHECK = Checklist(
    id="dummy_pack.bench",
    title="Bench",
    law="EN 581-1",
    minutes=5,
    items=(
        Item(
            id="stands",
            text="Does it stand?",
            points=10,
            shown=Match(values=(NO,)),
            findings=(
                FindingRule(
                    on=Match(values=(NO,)),
                    title="It fell over",
                    case_type=FINDING.id,
                    severity=Severity.MAJOR,
                    limit=(3, "working_days"),
                    law="EN 581-1, 5.2",
                ),
            ),
        ),
        Item(
            id="wobble",
            text="How far does it wobble?",
            kind=ItemKind.NUMBER,
            unit="mm",
            low=0,
            high=500,
            needed=False,
            when=When(item="stands", match=Match(values=("yes",))),
            findings=(FindingRule(on=Match(above=20), title="It wobbles", case_type=FINDING.id),),
        ),
        Item(
            id="wood",
            text="Which wood?",
            kind=ItemKind.CHOICE,
            choices=(Option(value="oak", text="Oak"), Option(value="beech", text="Beech")),
            needed=False,
        ),
        Item(id="moisture", text="Moisture", kind=ItemKind.READING, unit="%", low=0, high=100, needed=False),
        Item(
            id="legs",
            text="The legs",
            kind=ItemKind.LIST,
            needed=False,
            items=(Item(id="whole", text="Is it whole?"),),
        ),
        Item(id="view", text="The view", kind=ItemKind.PHOTO, needed=False),
        Item(id="sitter", text="Who sat there", kind=ItemKind.SIGNATURE, needed=False),
    ),
)


def benches(query: Mapping[str, str], day: date) -> Iterator[NewSubject]:
    rows = Bench.objects.exclude(state=Bench.State.GONE).order_by("pk")
    if "state" in query:
        rows = rows.filter(state=query["state"])
    places = places_at((bench.place_id for bench in rows if bench.place_id), day)
    for bench in rows:
        where = places.get(bench.place_id or 0)
        yield NewSubject(
            key=str(bench.pk),
            name=bench.name,
            place_id=bench.place_id,
            area_id=bench.place_id,
            lon=where.lon if where else None,
            lat=where.lat if where else None,
        )


BENCHES = SubjectSource(
    id="dummy_pack.benches",
    name=_("Benches"),
    find=benches,
    filters=(
        SourceFilter(
            id="state",
            label=_("state"),
            choices=lambda: [Choice(value=one.value, label=one.label) for one in Bench.State],
        ),
    ),
)
