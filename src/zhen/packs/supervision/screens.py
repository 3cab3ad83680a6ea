"""The pages of supervision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import ATTACHMENTS, Case, Move, attach_button, move, steps_for
from zhen.kernel.identity.api import open_units
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.pages import api as pages
from zhen.kernel.pages.api import (
    Button,
    Chip,
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
    Tone,
)
from zhen.packs.supervision import actions, forms, queries, rights
from zhen.packs.supervision.case_type import TASK
from zhen.packs.supervision.effects import measure_of
from zhen.packs.supervision.models import Milestone, Report, Slip

TONES = {Slip.Tone.BLUE: Tone.DUE_SOON, Slip.Tone.YELLOW: Tone.BEHIND, Slip.Tone.RED: Tone.OVERDUE}
DECISIONS = {
    Report.Decision.WAITING: Tone.DUE_SOON,
    Report.Decision.APPROVED: Tone.ON_TRACK,
    Report.Decision.REFUSED: Tone.BEHIND,
}


def of(case: Case) -> str:
    return reverse("page:supervision.task", kwargs={"key": case.number})


def state(case: Case) -> Chip:
    known = TASK.state(case.state)
    return Chip(text=known.name, tone=known.tone)


def slip_of(case: Any) -> Chip | str:
    tone = getattr(case, "slip", None)
    return Chip(text=Slip.Tone(tone).label, tone=TONES[Slip.Tone(tone)]) if tone else ""


def slip_chip(slip: Slip) -> Chip:
    return Chip(text=Slip.Tone(slip.tone).label, tone=TONES[Slip.Tone(slip.tone)])


def decision(report: Report) -> Chip:
    known = Report.Decision(report.decision)
    return Chip(text=known.label, tone=DECISIONS[known])


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
        Link(text=_("The measure in the plan"), url=reverse("plan_measure", args=[measure.pk]), detail=measure.text)
    ]


def take_on(actor: Actor, rows: Iterable[Any], data: Any) -> None:
    actions.take_on(actor, [row.pk for row in rows], template=(data or {}).get("template", ""))


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


def save_refusal(actor: Actor, report: Report, form: Any) -> str:
    actions.decide(actor, report.pk, approve=False, reason=form.cleaned_data["reason"])
    return reverse("page:supervision.reports")


def save_answer(actor: Actor, slip: Slip, form: Any) -> str:
    actions.answer(actor, slip.pk, form.cleaned_data["words"])
    return of(slip.case)


def save_milestone(actor: Actor, milestone: Milestone, form: Any) -> str:
    actions.reach(actor, milestone.pk, **form.cleaned_data)
    return of(milestone.case)


def approve(actor: Actor, report: Report, _data: Any) -> None:
    actions.decide(actor, report.pk, approve=True)


def unit_choices(_actor: Any) -> list[Choice]:
    return [Choice(value=str(unit.pk), label=unit.name) for unit in open_units(clock.today())]


def by_slip(rows: Any, value: str) -> Any:
    return rows.filter(slip=value)


def find(rows: QuerySet[Case], words: str) -> QuerySet[Case]:
    return rows.filter(Q(number__iexact=words) | Q(text__icontains=words))


NUMBER = Column(id="number", label=_("number"), value="number", sort="number")
TITLE = Column(id="title", label=_("task"), value="title")
UNIT = Column(id="unit", label=_("lead unit"), value="unit", sort="unit__name_key")
DUE = Column(id="due", label=_("due at"), value="due_at", kind=Kind.DATE, sort="due_at")
STATE = Column(id="state", label=_("state"), value=state, kind=Kind.CHIP)
SLIP = Column(id="slip", label=_("slip"), value=slip_of, kind=Kind.CHIP)
EVENTS = frozenset({"cases.moved", "supervision.reported", "supervision.approved", "supervision.slip"})

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
    ListPage(
        id="supervision.reports",
        title=_("Reports on tasks"),
        menu=_("Reports on tasks"),
        icon="file-text",
        order=61,
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.reports(actor),
        columns=(
            Column(id="number", label=_("number"), value="case.number"),
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
            Column(id="number", label=_("number"), value="case.number"),
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
    ListPage(
        id="supervision.milestones",
        title=_("Milestones"),
        permission=rights.VIEW,
        rows=lambda actor, _params: queries.milestones(actor),
        columns=(
            Column(id="name", label=_("milestone"), value="name"),
            Column(id="number", label=_("number"), value="case.number"),
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
            Button(
                id="take_on",
                label=_("Make tasks"),
                permission=rights.SET,
                run=take_on,
                confirm=_("Each chosen measure becomes a task of its lead unit, due when the measure is due."),
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
