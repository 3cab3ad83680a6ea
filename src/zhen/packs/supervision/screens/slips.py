"""Slips, their answers, and the panel of those that wait for one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages import api as pages
from zhen.kernel.pages.api import (
    Button,
    Choice,
    Column,
    DetailPage,
    Face,
    Fact,
    Filter,
    FormPage,
    HomePanel,
    Kind,
    Link,
    ListPage,
    Panel,
)
from zhen.packs.supervision import actions, forms, queries, rights
from zhen.packs.supervision.models import Slip
from zhen.packs.supervision.screens.common import (
    TONES,
    of,
    slip_chip,
)


def save_answer(actor: Actor, slip: Slip, form: Any) -> str:
    actions.answer(actor, slip.pk, form.cleaned_data["words"])
    return of(slip.case)


PAGES = (
    ListPage(
        id="supervision.slips",
        title=_("Slips"),
        menu=_("Slips"),
        icon="flag",
        order=62,
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.slips(actor),
        columns=(
            Column(id="tone", label=_("slip"), value=slip_chip, kind=Kind.CHIP),
            Column(id="number", label=_("case number"), value="case.number"),
            Column(id="task", label=_("task"), value="case.title"),
            Column(id="about", label=_("about"), value="about"),
            Column(id="unit", label=_("lead unit"), value="case.unit"),
            Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE, sort="due_on"),
            Column(id="answer", label=_("answer"), value="answer"),
        ),
        filters=(
            Filter(
                id="tone",
                label=_("slip"),
                apply=lambda rows, value: rows.filter(tone=value),
                choices=tuple(Choice(value=tone.value, label=tone.label) for tone in Slip.Tone),
            ),
        ),
        order_by=("-issued_on", "-pk"),
        detail="supervision.slip",
        empty=_("No slip was issued. Slips are written each morning for what is due soon, behind or overdue."),
    ),
    DetailPage(
        id="supervision.slip",
        title=_("slip"),
        permission=rights.VIEW,
        subject=queries.slip_for,
        heading=lambda slip: f"{slip.case.number} {slip.about}",
        chips=lambda slip: (slip_chip(slip),),
        panels=(
            Panel(
                id="facts",
                title=_("slip"),
                form="facts",
                source=lambda _actor, slip: [
                    Fact(label=_("task"), value=slip.case.title),
                    Fact(label=_("about"), value=slip.about),
                    Fact(label=_("due on"), value=slip.due_on, kind=Kind.DATE),
                    Fact(label=_("issued on"), value=slip.issued_on, kind=Kind.DATE),
                    Fact(label=_("answer"), value=slip.answer, kind=Kind.PROSE),
                    Fact(label=_("answered by"), value=slip.answered_by_name),
                ],
                wide=True,
            ),
            Panel(
                id="task",
                title=_("Task"),
                form="links",
                source=lambda _actor, slip: [Link(text=str(slip.case), url=of(slip.case))],
            ),
        ),
        buttons=(
            Button(
                id="answer",
                label=_("Answer"),
                permission=rights.REPORT,
                form="supervision.answer",
                shown=lambda _actor, slip: slip.answered_at is None,
            ),
        ),
    ),
    FormPage(
        id="supervision.answer",
        title=_("Answer a slip"),
        permission=rights.REPORT,
        subject=queries.slip_for,
        form=lambda _actor, _subject, data, _files: forms.WordsForm(data),
        save=save_answer,
        submit=_("Answer"),
    ),
)


HOME = HomePanel(
    id="supervision.mine",
    title=_("Slips to answer"),
    face=Face.DESK,
    permission=rights.REPORT,
    form="slips",
    source=lambda actor, _params: [
        pages.Slip(
            text=slip.about,
            tone=TONES[Slip.Tone(slip.tone)],
            url=of(slip.case),
            due=slip.due_on,
            owner=str(slip.case.unit or ""),
            detail=slip.case.title,
        )
        for slip in queries.slips(actor).filter(answered_at__isnull=True)[:8]
    ],
    order=30,
)
