"""Resolutions: the register, one with what it covers, and naming one for a paper."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import url as file_url
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Attached,
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.finance.control import forms, queries, resolutions, rights
from zhen.packs.finance.control.chain import url_of
from zhen.packs.finance.control.models import Cover, PaperKind, Resolution
from zhen.packs.finance.control.papers import PAPERS
from zhen.packs.finance.groups import CONTROL


def of(resolution: Resolution) -> str:
    return f"/desk/finance/resolutions/{resolution.pk}/"


def chip(resolution: Resolution) -> Chip:
    if resolution.lawful is None:
        return Chip(text=_("waiting for the legal adviser"), tone=Tone.DUE_SOON)
    if not resolution.lawful:
        return Chip(text=_("legal objection"), tone=Tone.OVERDUE)
    return Chip(text=_("used up")) if not resolution.left else Chip(text=_("in force"), tone=Tone.ON_TRACK)


def votes(resolution: Resolution) -> str:
    return str(
        _("%(yes)s for, %(no)s against, %(none)s abstained, of %(present)s present")
        % {
            "yes": resolution.votes_for,
            "no": resolution.votes_against,
            "none": resolution.abstentions,
            "present": resolution.present,
        }
    )


def facts(_actor: Actor, resolution: Resolution) -> list[Fact]:
    return [
        Fact(label=_("meeting"), value=resolution.meeting),
        Fact(label=_("held on the day"), value=resolution.held_on, kind=Kind.DATE),
        Fact(label=_("members present"), value=resolution.members),
        Fact(label=_("votes"), value=votes(resolution)),
        Fact(label=_("covers up to (yuan)"), value=resolution.amount, kind=Kind.MONEY),
        Fact(label=_("used of it (yuan)"), value=resolution.used, kind=Kind.MONEY),
        Fact(label=_("left of it (yuan)"), value=resolution.left, kind=Kind.MONEY),
        Fact(label=_("entered by"), value=resolution.entered_by, kind=Kind.PERSON),
    ]


def review(_actor: Actor, resolution: Resolution) -> list[Fact]:
    if resolution.lawful is None:
        return []
    return [
        Fact(label=_("opinion"), value=_("no objection") if resolution.lawful else _("objection for legal reasons")),
        Fact(label=_("opinion of the legal adviser"), value=resolution.opinion, kind=Kind.PROSE),
        Fact(label=_("reviewed by"), value=resolution.reviewed_by, kind=Kind.PERSON),
        Fact(label=_("reviewed at"), value=resolution.reviewed_at, kind=Kind.TIME),
    ]


def minutes(actor: Actor, resolution: Resolution) -> list[Attached]:
    file = resolution.file
    return [Attached(name=file.name, url=file_url(actor, file))] if file else []


def paper_link(cover: Cover) -> Link:
    return Link(text=cover.number, url=PAPERS[PaperKind(cover.kind)].url(cover.paper))


def save_new(actor: Actor, _subject: Any, form: forms.ResolutionForm) -> str:
    return of(resolutions.enter(actor, form.given()))


def save_review(actor: Actor, resolution: Resolution, form: Any) -> str:
    given = form.cleaned_data
    return of(resolutions.review(actor, resolution, lawful=given["lawful"] == "yes", opinion=given["opinion"]))


def save_cover(kind: PaperKind) -> Callable[[Actor, Any, Any], str]:
    def save(actor: Actor, subject: Any, form: Any) -> str:
        resolutions.cover(actor, form.cleaned_data["resolution"], kind, subject.pk)
        return url_of(subject)

    return save


def subject_of(kind: PaperKind, actor: Actor, key: str) -> Any:
    return queries.paper(actor, kind, key)


PAGES = (
    ListPage(
        id="finance.resolutions",
        title=_("Resolutions"),
        menu=_("Resolutions"),
        group=CONTROL,
        icon="gavel",
        order=72,
        permission=rights.VIEW,
        intro=_("Collective decisions. Above the limits of the approval matrix a paper needs one with enough left."),
        rows=lambda actor, _params: queries.resolutions(actor),
        columns=(
            Column(id="number", label=_("number of the resolution"), value="number", sort="number"),
            Column(id="meeting", label=_("meeting"), value="meeting", width="wide"),
            Column(id="held", label=_("held on the day"), value="held_on", kind=Kind.DATE, sort="held_on"),
            Column(id="amount", label=_("covers up to (yuan)"), value="amount", kind=Kind.MONEY, sort="amount"),
            Column(id="left", label=_("left of it (yuan)"), value="left", kind=Kind.MONEY),
            Column(id="state", label=_("state"), value=chip, kind=Kind.CHIP),
        ),
        search=lambda rows, words: rows.filter(text__icontains=words) | rows.filter(number__icontains=words),
        order_by=("-held_on", "-pk"),
        detail="finance.resolution",
        buttons=(
            Button(
                id="new",
                label=_("Enter a resolution"),
                permission=rights.ENTER,
                form="finance.resolution_new",
                key="n",
            ),
        ),
        empty=_("No resolution is entered yet. Enter what the meeting has resolved."),
    ),
    DetailPage(
        id="finance.resolution",
        title=_("resolution"),
        permission=rights.VIEW,
        subject=queries.resolution,
        heading=lambda resolution: f"{resolution.number} {resolution.meeting}",
        chips=lambda resolution: (chip(resolution),),
        panels=(
            Panel(id="facts", title=_("Resolution"), form="facts", source=facts),
            Panel(id="text", title=_("Text of the resolution"), form="prose", source=lambda _actor, one: one.text),
            Panel(
                id="review",
                title=_("Legal review"),
                form="facts",
                source=review,
                empty=_("The legal adviser has not reviewed it yet; until then it covers nothing."),
            ),
            Panel(
                id="covers",
                title=_("What it covers"),
                form="table",
                source=queries.covers,
                columns=(
                    Column(id="number", label=_("number"), value=paper_link, kind=Kind.LINK),
                    Column(id="title", label=_("what for"), value="title", width="wide"),
                    Column(id="amount", label=_("amount (yuan)"), value="amount", kind=Kind.MONEY),
                    Column(id="by", label=_("named by"), value="named_by", kind=Kind.PERSON),
                    Column(id="at", label=_("named at"), value="named_at", kind=Kind.TIME),
                ),
                empty=_("It covers no paper yet."),
            ),
            Panel(
                id="minutes",
                title=_("Signed minutes"),
                form="files",
                source=minutes,
                empty=_("No file was added."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="review",
                label=_("Review legally"),
                permission=rights.LEGAL,
                form="finance.resolution_review",
                shown=lambda _actor, resolution: resolution.lawful is None,
            ),
        ),
    ),
    FormPage(
        id="finance.resolution_new",
        title=_("Enter a resolution"),
        permission=rights.ENTER,
        intro=_("More than half of those present have voted for it. The legal adviser reviews it before it is used."),
        form=lambda actor, _subject, data, files: forms.ResolutionForm(data, files, actor),
        save=save_new,
        submit=_("Enter"),
    ),
    FormPage(
        id="finance.resolution_review",
        title=_("Review a resolution legally"),
        permission=rights.LEGAL,
        subject=queries.resolution,
        form=lambda _actor, _subject, data, _files: forms.OpinionForm(data),
        save=save_review,
        submit=_("Give the opinion"),
    ),
    *(
        FormPage(
            id=f"finance.cover_{kind.value}",
            title=_("Name the resolution"),
            permission=rights.COVER,
            subject=partial(subject_of, kind),
            intro=_("The amount of the paper is taken off what is left of the resolution."),
            form=lambda _actor, subject, data, _files: forms.CoverForm(data, subject.amount),
            save=save_cover(kind),
            submit=_("Name it"),
            draft=False,
        )
        for kind in PaperKind
    ),
)
