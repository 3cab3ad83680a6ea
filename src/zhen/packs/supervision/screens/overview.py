"""What nobody supervises yet, and how the units stand."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import (
    Button,
    Column,
    Kind,
    ListPage,
)
from zhen.packs.supervision import actions, queries, rights
from zhen.packs.supervision.rules import TEMPLATES


def take_on(template: str, label: Any) -> Button:
    """Tasks of the chosen measures, with the milestones of a template or with none."""

    def run(actor: Actor, rows: Iterable[Any], _data: Any) -> None:
        actions.take_on(actor, [row.pk for row in rows], template=template)

    return Button(
        id=f"take_on_{template}".rstrip("_"),
        label=label,
        permission=rights.SET,
        run=run,
        confirm=_("Each chosen measure becomes a task of its lead unit, due when the measure is due."),
    )


PAGES = (
    ListPage(
        id="supervision.measures",
        title=_("Measures without a task"),
        menu=_("Measures without a task"),
        icon="list-plus",
        order=63,
        permission=rights.SET,
        rows=lambda actor, _params: queries.without_task(actor),
        columns=(
            Column(id="text", label=_("measure"), value="text"),
            Column(id="unit", label=_("lead unit"), value="lead_unit"),
            Column(id="plan", label=_("plan"), value="document.title"),
            Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE, sort="due_on"),
        ),
        search=lambda rows, words: rows.filter(text__icontains=words),
        order_by=("-due_on", "start"),
        bulk=(
            take_on("", _("Make tasks")),
            *(
                take_on(kind, format_lazy("{} · {}", _("Make tasks"), name))
                for kind, (name, _steps) in TEMPLATES.items()
            ),
        ),
        empty=_("Every measure of the published plans is supervised."),
    ),
    ListPage(
        id="supervision.units",
        title=_("Units in supervision"),
        menu=_("Units in supervision"),
        icon="gauge",
        order=64,
        permission=rights.SIGN_OFF,
        rows=lambda actor, _params: queries.appraisals(actor),
        columns=(
            Column(id="unit", label=_("unit"), value="unit"),
            Column(id="tasks", label=_("tasks"), value="tasks", kind=Kind.NUMBER),
            Column(id="signed_off", label=_("signed off"), value="signed_off", kind=Kind.NUMBER),
            Column(id="on_time", label=_("of these in time"), value="on_time", kind=Kind.NUMBER),
            Column(id="overdue", label=_("overdue"), value="overdue", kind=Kind.NUMBER),
            Column(id="yellow", label=_("yellow slips"), value="yellow", kind=Kind.NUMBER),
            Column(id="red", label=_("red slips"), value="red", kind=Kind.NUMBER),
            Column(id="refused", label=_("reports refused"), value="refused", kind=Kind.NUMBER),
        ),
        empty=_("No unit has a task yet."),
    ),
)
