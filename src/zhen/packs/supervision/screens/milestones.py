"""Milestones of tasks, and reaching them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import (
    Button,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    ListPage,
    Panel,
)
from zhen.packs.supervision import actions, forms, queries, rights
from zhen.packs.supervision.models import Milestone
from zhen.packs.supervision.screens.common import (
    of,
)


def save_milestone(actor: Actor, milestone: Milestone, form: Any) -> str:
    actions.reach(actor, milestone.pk, **form.cleaned_data)
    return of(milestone.case)


PAGES = (
    ListPage(
        id="supervision.milestones",
        title=_("Milestones"),
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.milestones(actor),
        columns=(
            Column(id="name", label=_("milestone"), value="name"),
            Column(id="number", label=_("case number"), value="case.number"),
            Column(id="task", label=_("task"), value="case.title"),
            Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE, sort="due_on"),
            Column(id="done", label=_("done on"), value="done_on", kind=Kind.DATE),
        ),
        order_by=("due_on", "pk"),
        detail="supervision.milestone",
    ),
    DetailPage(
        id="supervision.milestone",
        title=_("milestone"),
        permission=rights.VIEW,
        subject=queries.milestone_for,
        heading=lambda milestone: f"{milestone.case.number} {milestone.name}",
        panels=(
            Panel(
                id="facts",
                title=_("milestone"),
                form="facts",
                source=lambda _actor, milestone: [
                    Fact(label=_("task"), value=milestone.case.title),
                    Fact(label=_("due on"), value=milestone.due_on, kind=Kind.DATE),
                    Fact(label=_("done on"), value=milestone.done_on, kind=Kind.DATE),
                    Fact(label=_("proof"), value=milestone.proof),
                ],
            ),
        ),
        buttons=(
            Button(
                id="reach",
                label=_("Reached"),
                permission=rights.REPORT,
                form="supervision.reach",
                shown=lambda _actor, milestone: milestone.done_on is None,
            ),
        ),
    ),
    FormPage(
        id="supervision.reach",
        title=_("A milestone is reached"),
        permission=rights.REPORT,
        subject=queries.milestone_for,
        form=lambda _actor, _subject, data, _files: forms.ProofForm(data),
        save=save_milestone,
        submit=_("Reached"),
    ),
)
