"""Reports on tasks, and deciding on them."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import (
    Button,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
)
from zhen.packs.supervision import actions, forms, queries, rights
from zhen.packs.supervision.models import Report
from zhen.packs.supervision.screens.common import (
    decision,
    of,
)


def save_refusal(actor: Actor, report: Report, form: Any) -> str:
    actions.decide(actor, report.pk, approve=False, reason=form.cleaned_data["reason"])
    return reverse("page:supervision.reports")


def approve(actor: Actor, report: Report, _data: Any) -> None:
    actions.decide(actor, report.pk, approve=True)


PAGES = (
    ListPage(
        id="supervision.reports",
        title=_("Reports on tasks"),
        menu=_("Reports on tasks"),
        icon="file-text",
        order=61,
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.reports(actor),
        columns=(
            Column(id="number", label=_("case number"), value="case.number"),
            Column(id="task", label=_("task"), value="case.title"),
            Column(id="unit", label=_("lead unit"), value="case.unit"),
            Column(id="text", label=_("report"), value="text"),
            Column(id="at", label=_("reported at"), value="at", kind=Kind.TIME, sort="at"),
            Column(id="decision", label=_("decision"), value=decision, kind=Kind.CHIP),
        ),
        filters=(
            Filter(
                id="decision",
                label=_("decision"),
                apply=lambda rows, value: rows.filter(decision=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in Report.Decision),
            ),
        ),
        order_by=("-at", "-pk"),
        detail="supervision.report",
        empty=_("Nobody has reported yet."),
    ),
    DetailPage(
        id="supervision.report",
        title=_("report"),
        permission=rights.VIEW,
        subject=queries.report_for,
        heading=lambda report: f"{report.case.number} {report.case.title}",
        chips=lambda report: (decision(report),),
        panels=(
            Panel(
                id="facts",
                title=_("report"),
                form="facts",
                source=lambda _actor, report: [
                    Fact(label=_("where it stands"), value=report.get_state_display()),
                    Fact(label=_("report"), value=report.text, kind=Kind.PROSE),
                    Fact(label=_("evidence"), value=report.evidence),
                    Fact(label=_("reported by"), value=report.by_name),
                    Fact(label=_("decided by"), value=report.decided_by_name),
                    Fact(label=_("reason"), value=report.reason),
                ],
                wide=True,
            ),
            Panel(
                id="task",
                title=_("Task"),
                form="links",
                source=lambda _actor, report: [Link(text=str(report.case), url=of(report.case))],
            ),
        ),
        buttons=(
            Button(
                id="approve",
                label=_("Approve"),
                permission=rights.APPROVE,
                run=approve,
                confirm=_("The report counts from now on, and the plan shows it."),
                shown=lambda actor, report: report.decision == "waiting" and report.by_id != actor.user_id,
            ),
            Button(
                id="refuse",
                label=_("Refuse"),
                permission=rights.APPROVE,
                form="supervision.refuse",
                shown=lambda actor, report: report.decision == "waiting" and report.by_id != actor.user_id,
            ),
        ),
    ),
    FormPage(
        id="supervision.refuse",
        title=_("Refuse a report"),
        permission=rights.APPROVE,
        subject=queries.report_for,
        form=lambda _actor, _subject, data, _files: forms.ReasonForm(data),
        save=save_refusal,
        submit=_("Refuse"),
    ),
)
