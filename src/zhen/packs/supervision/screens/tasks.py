"""The list of tasks, one task, and what is done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import ATTACHMENTS, Case, Move, attach_button, move, steps_for
from zhen.kernel.identity.api import open_units
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
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
from zhen.packs.supervision.case_type import TASK
from zhen.packs.supervision.effects import measure_of
from zhen.packs.supervision.models import Slip
from zhen.packs.supervision.screens.common import (
    DUE,
    EVENTS,
    NUMBER,
    SLIP,
    STATE,
    TITLE,
    UNIT,
    decision,
    of,
    slip_chip,
    state,
)


def can(step: str) -> Callable[[Any, Any], bool]:
    return lambda actor, case: any(found.id == step for found in steps_for(actor, case))


def is_under_way(_actor: Any, case: Case) -> bool:
    return case.state in ("acknowledged", "sent_back")


def is_open(_actor: Any, case: Case) -> bool:
    return case.open


def outcomes(*, dropped: bool) -> list[tuple[str, object]]:
    return [(one.id, one.name) for one in TASK.outcomes if (one.solved is None) == dropped]


def facts(_actor: Actor, case: Case) -> list[Fact]:
    return [
        Fact(label=_("task"), value=case.text, kind=Kind.PROSE),
        Fact(label=_("lead unit"), value=str(case.unit or "—")),
        Fact(label=_("plan"), value=case.given.get("document", "")),
        Fact(label=_("due at"), value=case.due_at, kind=Kind.TIME),
        Fact(label=_("result"), value=case.result, kind=Kind.PROSE),
    ]


def links(_actor: Actor, case: Case) -> list[Link]:
    measure = measure_of(case)
    if measure is None:
        return []
    return [
        Link(text=_("The measure in the plan"), url=reverse("plan:measure", args=[measure.pk]), detail=measure.text)
    ]


def save_report(actor: Actor, case: Case, form: Any) -> str:
    actions.report(actor, case.pk, **form.cleaned_data)
    return of(case)


def save_move(step: str) -> Callable[[Actor, Case, Any], str]:
    def save(actor: Actor, case: Case, form: Any) -> str:
        move(actor, case.pk, case.revision, step, Move(**form.cleaned_data))
        return of(case)

    return save


def save_remind(actor: Actor, case: Case, form: Any) -> str:
    actions.remind(actor, case.pk, form.cleaned_data["words"])
    return of(case)


def unit_choices(_actor: Any) -> list[Choice]:
    return [Choice(value=str(unit.pk), label=unit.name) for unit in open_units(clock.today())]


def by_slip(rows: Any, value: str) -> Any:
    return rows.filter(slip=value)


def find(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    return rows.filter(Q(number__iexact=words) | Q(text__icontains=words))


PAGES = (
    ListPage(
        id="supervision.tasks",
        title=_("Supervised tasks"),
        menu=_("Supervision"),
        icon="list-checks",
        order=60,
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.tasks(actor),
        columns=(NUMBER, TITLE, UNIT, DUE, STATE, SLIP),
        filters=(
            Filter(
                id="slip",
                label=_("slip"),
                apply=by_slip,
                choices=tuple(Choice(value=tone.value, label=tone.label) for tone in Slip.Tone),
            ),
            Filter(
                id="state",
                label=_("state"),
                apply=lambda rows, value: rows.filter(state=value),
                choices=tuple(Choice(value=one.id, label=one.name) for one in TASK.states),
            ),
            Filter(
                id="unit",
                label=_("lead unit"),
                apply=lambda rows, value: rows.filter(unit_id=int(value)) if value.isdigit() else rows,
                choices=unit_choices,
            ),
        ),
        search=find,
        order_by=("-open", "due_at", "pk"),
        detail="supervision.task",
        empty=_("No measure is supervised yet. Choose measures on the page “Measures without a task”."),
        live=EVENTS,
    ),
    DetailPage(
        id="supervision.task",
        title=_("supervised task"),
        permission=rights.VIEW,
        subject=queries.task,
        heading=lambda case: f"{case.number} {case.title}",
        chips=lambda case: (state(case),),
        live=EVENTS,
        panels=(
            Panel(id="facts", title=_("Task"), form="facts", source=facts, wide=True),
            Panel(
                id="milestones",
                title=_("Milestones"),
                form="table",
                source=lambda _actor, case: case.milestones.all(),
                columns=(
                    Column(id="name", label=_("milestone"), value="name"),
                    Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE),
                    Column(id="done", label=_("done on"), value="done_on", kind=Kind.DATE),
                    Column(id="proof", label=_("proof"), value="proof"),
                ),
                detail="supervision.milestone",
                empty=_("This task has no milestones."),
            ),
            Panel(
                id="slips",
                title=_("Slips"),
                form="table",
                source=lambda _actor, case: case.slips.all(),
                columns=(
                    Column(id="tone", label=_("slip"), value=slip_chip, kind=Kind.CHIP),
                    Column(id="about", label=_("about"), value="about"),
                    Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE),
                    Column(id="answer", label=_("answer"), value="answer"),
                ),
                detail="supervision.slip",
                empty=_("No slip was issued for this task."),
            ),
            Panel(
                id="reports",
                title=_("Reports"),
                form="table",
                source=lambda _actor, case: case.reports.all(),
                columns=(
                    Column(id="at", label=_("reported at"), value="at", kind=Kind.TIME),
                    Column(id="text", label=_("report"), value="text"),
                    Column(id="evidence", label=_("evidence"), value="evidence"),
                    Column(id="by", label=_("reported by"), value="by_name"),
                    Column(id="decision", label=_("decision"), value=decision, kind=Kind.CHIP),
                ),
                wide=True,
                detail="supervision.report",
                empty=_("Nobody has reported yet."),
            ),
            ATTACHMENTS,
            Panel(id="links", title=_("Comes from"), form="links", source=links),
            Panel(
                id="history",
                title=_("History"),
                form="timeline",
                source=lambda _actor, case: journal.timeline(case),
                wide=True,
            ),
        ),
        buttons=(
            attach_button(TASK.powers),
            Button(
                id="acknowledge",
                label=_("Acknowledge"),
                permission=rights.REPORT,
                run=lambda actor, case, _data: move(actor, case.pk, case.revision, "acknowledge"),
                shown=can("acknowledge"),
                key="a",
            ),
            Button(
                id="report",
                label=_("Report"),
                permission=rights.REPORT,
                form="supervision.report_new",
                shown=is_under_way,
                key="r",
            ),
            Button(
                id="hand_in",
                label=_("Hand in"),
                permission=rights.REPORT,
                form="supervision.hand_in",
                shown=can("hand_in"),
            ),
            Button(
                id="sign_off",
                label=_("Sign off"),
                permission=rights.SIGN_OFF,
                form="supervision.sign_off",
                shown=can("sign_off"),
            ),
            Button(
                id="send_back",
                label=_("Send back"),
                permission=rights.SIGN_OFF,
                form="supervision.send_back",
                shown=can("send_back"),
            ),
            Button(id="remind", label=_("Remind"), permission=rights.REMIND, form="supervision.remind", shown=is_open),
            Button(
                id="withdraw",
                label=_("Withdraw"),
                permission=rights.SET,
                form="supervision.withdraw",
                shown=can("withdraw"),
            ),
        ),
    ),
    FormPage(
        id="supervision.report_new",
        title=_("Report on a task"),
        intro=_("The report counts once somebody else has approved it."),
        permission=rights.REPORT,
        subject=queries.task,
        form=lambda _actor, _subject, data, _files: forms.ReportForm(data),
        save=save_report,
        submit=_("Report"),
    ),
    FormPage(
        id="supervision.hand_in",
        title=_("Hand a task in"),
        permission=rights.REPORT,
        subject=queries.task,
        form=lambda _actor, _subject, data, _files: forms.HandInForm(data),
        save=save_move("hand_in"),
        submit=_("Hand in"),
    ),
    FormPage(
        id="supervision.sign_off",
        title=_("Sign a task off"),
        intro=_("What you sign goes into the plan: the measure is done, or it is at risk."),
        permission=rights.SIGN_OFF,
        subject=queries.task,
        form=lambda _actor, _subject, data, _files: forms.SignOffForm(data, outcomes(dropped=False)),
        save=save_move("sign_off"),
        submit=_("Sign off"),
    ),
    FormPage(
        id="supervision.send_back",
        title=_("Send a task back"),
        permission=rights.SIGN_OFF,
        subject=queries.task,
        form=lambda _actor, _subject, data, _files: forms.ReasonForm(data),
        save=save_move("send_back"),
        submit=_("Send back"),
    ),
    FormPage(
        id="supervision.withdraw",
        title=_("Withdraw a task"),
        permission=rights.SET,
        subject=queries.task,
        form=lambda _actor, _subject, data, _files: forms.SignOffForm(data, outcomes(dropped=True)),
        save=save_move("withdraw"),
        submit=_("Withdraw"),
        draft=False,
    ),
    FormPage(
        id="supervision.remind",
        title=_("Remind a unit"),
        permission=rights.REMIND,
        subject=queries.task,
        form=lambda _actor, _subject, data, _files: forms.WordsForm(data),
        save=save_remind,
        submit=_("Remind"),
    ),
)
