"""Panels of a project: residents asked, how they answered, objections."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import CASE_TYPES, Case
from zhen.kernel.pages.api import Chip, Column, Kind, Link, Panel, Tone
from zhen.packs.renewal import queries, rights
from zhen.packs.renewal.models import Consultation, Objection, Project
from zhen.packs.renewal.rules import lacking
from zhen.packs.renewal.screens.common import case_link

LACKS = {
    "part_households": _("too few households took part"),
    "part_area": _("too little of the floor area took part"),
    "agree_households": _("too few households agree"),
    "agree_area": _("too little of the floor area agrees"),
}


def consultations(_actor: Actor, project: Project) -> QuerySet[Consultation]:
    return queries.consultations_of(project)


def share(part: str) -> Any:
    def value(row: Consultation) -> str:
        whole, number = row.asked, getattr(row, part)
        return f"{number}（{number * 100 / whole:.1f} %）"

    return value


def verdict(row: Consultation) -> Chip:
    if row.closed_on is None:
        return Chip(text=_("running"), tone=Tone.DUE_SOON)
    if row.met:
        return Chip(text=_("agreed"), tone=Tone.ON_TRACK)
    lacks = lacking(row.households, row.areas, row.rule.terms)
    return Chip(text=LACKS[lacks[0]] if lacks else _("not agreed"), tone=Tone.OVERDUE)


def hung(row: Consultation) -> str:
    publicity = getattr(row, "publicity", None)
    return f"{publicity} {publicity.where}" if publicity else ""


def to_count(row: Consultation) -> Link | str:
    if row.closed_on is not None:
        return ""
    return Link(text=str(_("Count")), url=reverse("page:renewal.consultation_count", kwargs={"key": row.pk}))


def objections(actor: Actor, project: Project) -> QuerySet[Objection]:
    return queries.objections_of(actor, project).order_by("-pk")


def case_chip(case: Case) -> Chip:
    state = CASE_TYPES[case.type].state(case.state)
    return Chip(text=state.name, tone=state.tone)


CONSENT = Panel(
    id="consent",
    title=_("Residents asked"),
    form="table",
    source=consultations,
    columns=(
        Column(id="number", label=_("round"), value="number", kind=Kind.NUMBER),
        Column(id="asked", label=_("households asked"), value="asked", kind=Kind.NUMBER),
        Column(id="agreed", label=_("agreed"), value=share("agreed")),
        Column(id="against", label=_("against"), value=share("against")),
        Column(id="abstained", label=_("abstained"), value=share("abstained")),
        Column(id="unreached", label=_("not reached"), value=share("unreached")),
        Column(id="result", label=_("result"), value=verdict, kind=Kind.CHIP),
        Column(id="hung", label=pgettext_lazy("of a consultation", "publicity"), value=hung),
        Column(id="rule", label=_("rule of consent"), value="rule.source"),
        Column(id="count", label=_("Count"), value=to_count, kind=Kind.LINK),
    ),
    wide=True,
    empty=_("Nobody was asked yet."),
)
OBJECTIONS = Panel(
    id="objections",
    title=_("Objections to works"),
    form="table",
    source=objections,
    columns=(
        Column(id="case", label=_("case number"), value=lambda row: case_link(row.case), kind=Kind.LINK),
        Column(id="title", label=_("objection to works"), value="case.title", width="wide"),
        Column(id="state", label=_("state"), value=lambda row: case_chip(row.case), kind=Kind.CHIP),
    ),
    permission=rights.CASE_VIEW,
    wide=True,
    empty=_("Nobody has objected."),
)
