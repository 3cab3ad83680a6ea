"""The draw of a round at the desk, and its proof, which everybody may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import Button, Column, DetailPage, Face, Fact, FormPage, Kind, Link, ListPage, Missing, Panel
from zhen.kernel.rounds import forms, rights
from zhen.kernel.rounds.actions import drawing as actions
from zhen.kernel.rounds.models import Draw, Subject
from zhen.kernel.rounds.queries.campaigns import draw_for, draws


def facts(_actor: Actor, draw: Draw) -> list[Fact]:
    return [
        Fact(label=pgettext_lazy("of inspections", "campaign"), value=draw.round.campaign.title),
        Fact(label=pgettext_lazy("of a campaign", "round"), value=draw.round.number, kind=Kind.NUMBER),
        Fact(label=_("unit in charge"), value=draw.round.campaign.unit.name),
        Fact(label=_("subjects in the list"), value=len(draw.lists["subjects"]), kind=Kind.NUMBER),
        Fact(label=_("inspectors in the list"), value=len(draw.lists["inspectors"]), kind=Kind.NUMBER),
        Fact(label=_("how many are drawn"), value=draw.lists["count"], kind=Kind.NUMBER),
        Fact(label=_("digest of the lists"), value=draw.digest),
        Fact(label=_("lists frozen at"), value=draw.frozen_at, kind=Kind.TIME),
        Fact(label=_("seed"), value=draw.seed),
        Fact(label=_("where the seed is from"), value=draw.seed_from),
        Fact(label=_("drawn at"), value=draw.drawn_at, kind=Kind.TIME),
        Fact(label=_("published at"), value=draw.published_at, kind=Kind.TIME),
    ]


def result(_actor: Actor, draw: Draw) -> Sequence[dict[str, Any]]:
    """What was drawn; people by the number of their account, as the proof has them."""
    source = draw.round.campaign.source
    refs = [subject.removeprefix(f"{source}:") for subject, _people in draw.drawn[:200]]
    names = dict(Subject.objects.filter(source=source, ref__in=refs).values_list("ref", "name"))
    return [
        {
            "key": subject,
            "number": number,
            "name": names.get(ref, subject),
            "people": "、".join(f"#{one}" for one in people),
        }
        for number, (ref, (subject, people)) in enumerate(zip(refs, draw.drawn, strict=False), 1)
    ]


def published(actor: Actor, draw: Draw) -> Sequence[dict[str, Any]]:
    return result(actor, draw) if draw.published_at is not None else []


def proof(_actor: Actor, draw: Draw) -> list[Link]:
    if draw.published_at is None:
        return []
    return [Link(text=_("Proof as JSON"), url=reverse("rounds:proof", kwargs={"draw_id": draw.pk}), icon="file-text")]


def drawn_ones(actor: Actor, _params: Any) -> QuerySet[Draw]:
    return draws(actor).filter(drawn_at__isnull=False)


def public_draw(actor: Actor, key: str) -> Draw:
    found = draw_for(actor, key)
    if found.drawn_at is None:
        raise Missing(f"draw {key}")
    return found


def url(draw: Draw) -> str:
    return reverse("page:rounds.draw", kwargs={"key": draw.pk})


def save(actor: Actor, draw: Draw, form: forms.SeedForm) -> str:
    return url(actions.draw(actor, draw, **form.cleaned_data))


RESULT = (
    Column(id="number", label=_("number"), value="number", kind=Kind.NUMBER),
    Column(id="name", label=_("subject of visits"), value="name", width="wide"),
    Column(id="people", label=_("inspectors"), value="people"),
)
PAGES = (
    DetailPage(
        id="rounds.draw",
        title=_("draw"),
        permission=rights.VIEW,
        subject=draw_for,
        heading=lambda draw: draw.round.campaign.title,
        panels=(
            Panel(id="facts", title=_("Draw"), form="facts", source=facts),
            Panel(
                id="result",
                title=_("What was drawn"),
                form="table",
                source=result,
                columns=RESULT,
                wide=True,
                empty=_("The lists are frozen. Draw with a seed that nobody could know before."),
            ),
            Panel(id="proof", title=_("Proof"), form="links", source=proof),
            HISTORY,
        ),
        buttons=(
            Button(
                id="draw",
                label=_("Draw"),
                permission=rights.PLAN,
                form="rounds.draw_now",
                shown=lambda _actor, draw: draw.drawn_at is None,
            ),
            Button(
                id="publish",
                label=_("Publish the proof"),
                permission=rights.PLAN,
                run=lambda actor, draw, _data: url(actions.publish_draw(actor, draw)),
                confirm=_("Everybody sees which subjects were drawn."),
                shown=lambda _actor, draw: draw.drawn_at is not None and draw.published_at is None,
            ),
        ),
    ),
    FormPage(
        id="rounds.draw_now",
        title=_("Draw"),
        intro=_("The lists are frozen and their digest is in the sealed journal. The seed decides the rest."),
        permission=rights.PLAN,
        subject=draw_for,
        form=lambda _actor, _draw, data, _files: forms.SeedForm(data),
        save=save,
        submit=_("Draw"),
    ),
    ListPage(
        id="inspections.draws",
        title=_("Inspections drawn at random"),
        menu=_("Inspections drawn at random"),
        icon="dices",
        order=80,
        face=Face.PORTAL,
        permission=None,
        intro=_("Who is inspected and who inspects is drawn, not chosen. Everybody can repeat the draw."),
        rows=drawn_ones,
        columns=(
            Column(
                id="title",
                label=pgettext_lazy("of inspections", "campaign"),
                value="round.campaign.title",
                width="wide",
            ),
            Column(id="unit", label=_("unit in charge"), value="round.campaign.unit.name"),
            Column(id="drawn", label=_("drawn at"), value="drawn_at", kind=Kind.TIME, sort="drawn_at"),
            Column(id="published", label=_("published at"), value="published_at", kind=Kind.TIME, sort="published_at"),
        ),
        search=lambda rows, words: rows.filter(round__campaign__title__icontains=words),
        order_by=("-drawn_at",),
        detail="inspections.draw",
        export=False,
        empty=_("No draw took place yet."),
    ),
    DetailPage(
        id="inspections.draw",
        title=_("Inspections drawn at random"),
        face=Face.PORTAL,
        permission=None,
        subject=public_draw,
        heading=lambda draw: draw.round.campaign.title,
        panels=(
            Panel(id="facts", title=_("Draw"), form="facts", source=facts),
            Panel(
                id="result",
                title=_("What was drawn"),
                form="table",
                source=published,
                columns=RESULT,
                wide=True,
                empty=_("The visits are not over yet. The lists are published then; their digest cannot change."),
            ),
            Panel(id="proof", title=_("Proof"), form="links", source=proof),
        ),
    ),
)
