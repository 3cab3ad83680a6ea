"""Registers of one kind, with when each was last looked at: rivers with their stewards, flats let to groups."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Button, Chip, Choice, Column, Filter, Kind, ListPage, Tone
from zhen.kernel.rounds.api import Finding, Subject
from zhen.packs.upkeep import queries, rights
from zhen.packs.upkeep.models import Premises
from zhen.packs.upkeep.sources import PREMISES

LONG_AGO = 31
"""From so many days on, something that nobody has looked at stands out."""


def looked_at(actor: Actor, kind: str) -> QuerySet[Premises]:
    """Those of a kind that are open, each with when it was last seen and how many findings are open."""
    seen = Subject.objects.filter(source=PREMISES, ref=Cast(OuterRef("pk"), CharField())).values("seen_on")[:1]
    open_ones = Finding.objects.filter(
        subject__source=PREMISES, subject__ref=Cast(OuterRef("pk"), CharField()), over_at__isnull=True
    )
    many = open_ones.order_by().values("subject__source").annotate(many=Count("pk")).values("many")
    rows = queries.premises(actor).filter(kind=kind, closed_on__isnull=True)
    return rows.annotate(seen_on=Subquery(seen), found=Coalesce(Subquery(many, output_field=IntegerField()), 0))


def last_seen(premises: Any) -> Chip:
    if premises.seen_on is None:
        return Chip(text=_("never"), tone=Tone.BEHIND)
    late = (clock.today() - premises.seen_on).days >= LONG_AGO
    return Chip(text=premises.seen_on.isoformat(), tone=Tone.BEHIND if late else Tone.ON_TRACK)


def found_chip(premises: Any) -> Chip | str:
    return Chip(text=str(premises.found), tone=Tone.BEHIND) if premises.found else ""


def unlooked(rows: QuerySet[Premises], _value: str) -> QuerySet[Premises]:
    since = clock.today().toordinal() - LONG_AGO
    return rows.filter(Q(seen_on__isnull=True) | Q(seen_on__lte=clock.today().fromordinal(since)))


def _register(
    *, id: str, title: Promise, kind: Premises.Kind, icon: str, order: int, intro: Promise, empty: Promise
) -> ListPage:
    return ListPage(
        id=id,
        title=title,
        menu=title,
        icon=icon,
        order=order,
        permission=rights.REGISTER_VIEW,
        intro=intro,
        rows=lambda actor, _params: looked_at(actor, kind.value),
        columns=(
            Column(id="name", label=_("name"), value="name", sort="name", width="wide"),
            Column(id="address", label=_("address"), value="address"),
            Column(id="steward", label=_("steward"), value="steward", kind=Kind.PERSON, sort="steward__name_key"),
            Column(id="unit", label=_("unit in charge"), value="unit.name"),
            Column(id="seen", label=_("last seen on"), value=last_seen, kind=Kind.CHIP, sort="seen_on"),
            Column(id="found", label=_("findings still open"), value=found_chip, kind=Kind.CHIP, sort="found"),
        ),
        filters=(
            Filter(
                id="seen",
                label=_("last seen on"),
                apply=unlooked,
                choices=(Choice(value="long", label=_("more than a month ago, or never")),),
            ),
            Filter(
                id="steward",
                label=_("steward"),
                apply=lambda rows, value: rows.filter(steward__isnull=value == "none"),
                choices=(Choice(value="none", label=pgettext_lazy("a steward", "nobody")),),
            ),
        ),
        search=lambda rows, words: rows.filter(Q(name__icontains=words) | Q(address__icontains=words)),
        order_by=("name", "pk"),
        detail="upkeep.premises_one",
        buttons=(
            Button(id="new", label=_("Enter premises"), permission=rights.REGISTER_EDIT, form="upkeep.premises_new"),
        ),
        empty=empty,
    )


PAGES = (
    _register(
        id="upkeep.rivers",
        title=_("Rivers and their stewards"),
        kind=Premises.Kind.RIVER,
        icon="waves",
        order=66,
        intro=_("Who answers for which river, when it was last walked, and what was found there and still is."),
        empty=_("No river is entered. Enter one with its steward."),
    ),
    _register(
        id="upkeep.rentals",
        title=_("Flats let to groups"),
        kind=Premises.Kind.GROUP_RENTAL,
        icon="door-open",
        order=66,
        intro=_("The flat by its address, never its tenants: when it was last looked at, and what is to be put right."),
        empty=_("No flat is entered."),
    ),
)
