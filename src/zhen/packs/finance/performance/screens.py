"""The pages of objectives: the list, one with its live numbers, the forms, the results for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Face,
    Fact,
    Figure,
    FilePage,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.kernel.plan.api import INDICATORS
from zhen.packs.finance.groups import PERFORMANCE
from zhen.packs.finance.models.budget import BudgetLine
from zhen.packs.finance.performance import actions, forms, printing, queries, rights
from zhen.packs.finance.performance.models import Measure, Monitoring, Objective
from zhen.packs.finance.performance.reading import Reading, execution, readings, rule_on
from zhen.packs.finance.performance.rules import Grade
from zhen.packs.finance.screens.common import plain, state_filter

State = Objective.State
STATES = {
    State.DRAFT: Tone.NEUTRAL,
    State.APPROVED: Tone.ON_TRACK,
    State.ASSESSED: Tone.DUE_SOON,
    State.REVIEWED: Tone.ON_TRACK,
}
GRADES = {Grade.EXCELLENT: Tone.ON_TRACK, Grade.GOOD: Tone.ON_TRACK, Grade.FAIR: Tone.BEHIND, Grade.POOR: Tone.OVERDUE}
SLIPS = {
    Tone.NEUTRAL: _("no value yet"),
    Tone.ON_TRACK: _("on track"),
    Tone.DUE_SOON: _("blue slip"),
    Tone.BEHIND: _("yellow slip"),
    Tone.OVERDUE: _("red slip"),
}


def of(objective: Objective) -> str:
    return f"/desk/finance/objectives/{objective.pk}/"


def state_chip(objective: Objective) -> Chip:
    return Chip(text=objective.get_state_display(), tone=STATES[State(objective.state)])


def grade_chip(objective: Objective) -> Chip | None:
    if not objective.grade:
        return None
    return Chip(text=objective.get_grade_display(), tone=GRADES[Grade(objective.grade)])


def slip(tone: Tone) -> Chip:
    return Chip(text=SLIPS[tone], tone=tone)


def chips(objective: Objective) -> list[Chip]:
    return [chip for chip in (state_chip(objective), grade_chip(objective)) if chip is not None]


def find(rows: Any, words: str) -> Any:
    for word in words.split():
        rows = rows.filter(
            Q(line__name__icontains=word) | Q(line__unit__name__icontains=word) | Q(text__icontains=word)
        )
    return rows


def figures(_actor: Actor, objective: Objective) -> list[Figure]:
    today, year = clock.today(), str(objective.line.budget.book.year)
    rule = rule_on(today)
    spent = execution(objective, rule, today)
    return [
        Figure(label=_("budget"), value=spent.granted / 100, unit=_("yuan"), period=year),
        Figure(
            label=_("execution"),
            value=round(float(spent.share * 100), 1),
            unit="%",
            period=year,
            tone=spent.tone,
            evidence=f"/desk/finance/execution/{objective.line_id}/",
        ),
        Figure(
            label=_("own score"),
            value=None if objective.self_score is None else float(objective.self_score),
            unit=_("points"),
            period=year,
            why=_("The unit has not assessed it yet."),
        ),
        Figure(
            label=_("score"),
            value=None if objective.score is None else float(objective.score),
            unit=_("points"),
            period=year,
            why=_("The review is not done yet."),
        ),
    ]


def facts(_actor: Actor, objective: Objective) -> list[Fact]:
    found = [
        Fact(label=_("objective"), value=objective.text, kind=Kind.PROSE),
        Fact(label=_("department"), value=objective.line.unit.name),
        Fact(label=_("set by"), value=objective.made_by, kind=Kind.PERSON),
        Fact(label=_("approved by"), value=objective.approved_by, kind=Kind.PERSON),
        Fact(label=_("assessed by"), value=objective.assessed_by, kind=Kind.PERSON),
        Fact(label=_("self-assessment"), value=objective.assessment),
        Fact(label=_("reviewed by"), value=objective.reviewed_by, kind=Kind.PERSON),
        Fact(label=_("opinion of the review"), value=objective.opinion),
    ]
    if objective.case is not None:
        link = Link(text=objective.case.number, url=f"/desk/cases/{objective.case.number}/")
        found.append(Fact(label=_("what is to be put right"), value=link, kind=Kind.LINK))
    return found


def live(_actor: Actor, objective: Objective) -> list[Reading]:
    today = clock.today()
    return readings(objective, objective.measures.all(), rule_on(today), today)


def target_text(measure: Measure) -> str:
    return f"{measure.get_comparator_display()} {printing.number(measure.target)} {measure.unit}".strip()


def value_text(reading: Reading) -> str:
    return "" if reading.value is None else f"{printing.number(reading.value)} {reading.measure.unit}".strip()


def source_chip(measure: Measure) -> Chip:
    if measure.indicator:
        return Chip(text=_("live"), tone=Tone.ON_TRACK)
    return Chip(text=_("entered by hand"))


def measure_facts(_actor: Actor, measure: Measure) -> list[Fact]:
    indicator = INDICATORS.get(measure.indicator) if measure.indicator else None
    objective = measure.objective
    found = [
        Fact(label=_("objective"), value=Link(text=str(objective), url=of(objective)), kind=Kind.LINK),
        Fact(label=_("group"), value=measure.get_group_display()),
        Fact(label=_("target"), value=target_text(measure)),
        Fact(label=_("weight (points)"), value=printing.number(measure.weight)),
    ]
    if indicator is not None:
        found += [Fact(label=_("read from"), value=indicator.name), Fact(label=_("formula"), value=indicator.formula)]
    else:
        found += [
            Fact(label=_("value entered"), value=printing.number(measure.value)),
            Fact(label=_("as of"), value=measure.value_on, kind=Kind.DATE),
            Fact(label=_("evidence"), value=measure.evidence),
        ]
    if measure.reason:
        found.append(Fact(label=_("reason of the difference"), value=measure.reason))
    return found


def evidence(actor: Actor, measure: Measure) -> list[Link]:
    """The records that a live value counts, or the paper of one that was entered."""
    found = [Link(text=text, url=url) for text, url in queries.counted(measure) if url]
    if measure.evidence_file is not None:
        found.append(Link(text=measure.evidence_file.name, url=files.url(actor, measure.evidence_file)))
    return found


def monitored(monitoring: Monitoring) -> str:
    """What was behind, by name."""
    late = [one["name"] or str(_("execution")) for one in monitoring.seen if one["tone"] in (Tone.BEHIND, Tone.OVERDUE)]
    return "、".join(late)


def save_objective(actor: Actor, line: BudgetLine, form: Any) -> str:
    return of(actions.set_objective(actor, line, **form.cleaned_data))


def save_measure(actor: Actor, objective: Objective, form: Any) -> str:
    actions.add_measure(actor, objective, form.cleaned_data)
    return of(objective)


def save_value(actor: Actor, measure: Measure, form: Any) -> str:
    given = {name: form.cleaned_data[name] for name in ("value", "on", "evidence")}
    paper = form.cleaned_data["paper"]
    actions.enter_value(actor, measure, file=paper[0] if paper else None, **given)
    return of(measure.objective)


def save_monitoring(actor: Actor, objective: Objective, form: Any) -> str:
    actions.monitor(actor, objective, **form.cleaned_data)
    return of(objective)


def save_assessment(actor: Actor, objective: Objective, form: Any) -> str:
    return of(actions.assess(actor, objective, **form.cleaned_data))


def save_review(actor: Actor, objective: Objective, form: forms.ReviewForm) -> str:
    return of(actions.review(actor, objective, given=form.given(), opinion=form.cleaned_data["opinion"]))


def save_plea(actor: Actor, line: BudgetLine, form: Any) -> str:
    actions.plead(actor, line, **form.cleaned_data)
    return "/desk/finance/asking_again/"


def in_state(*states: str) -> Callable[[Any, Any], bool]:
    return lambda _actor, objective: objective.state in states


def to_enter(_actor: Any, measure: Measure) -> bool:
    return not measure.indicator and measure.objective.state != State.REVIEWED


def plea_link(line: Any) -> Link:
    plea = getattr(line, "plea", None)
    text = plea.reason if plea else _("Give the reason")
    return Link(text=text, url=f"/desk/finance/plea/{line.pk}/")


def step(id: str, title: Any, form: Any, save: Any, permission: str, intro: Any = "") -> FormPage:
    return FormPage(
        id=f"finance.objective_{id}",
        title=title,
        permission=permission,
        subject=queries.objective_for,
        intro=intro,
        form=form,
        save=save,
        submit=title,
    )


SCORE = Column(id="score", label=_("score"), value=lambda one: printing.number(one.score), sort="score", width="narrow")
GRADE = Column(id="grade", label=_("grade"), value=grade_chip, kind=Kind.CHIP)
NAMED = (
    Column(id="name", label=_("project"), value="line.name", sort="line__name", width="wide"),
    Column(id="year", label=_("year"), value="line.budget.book.year", sort="line__budget__book__year"),
    Column(id="unit", label=_("department"), value="line.unit.name", sort="line__unit__name_key"),
)
PAGES = (
    ListPage(
        id="finance.objectives",
        title=_("Performance"),
        menu=_("Performance"),
        group=PERFORMANCE,
        icon="target",
        order=80,
        permission=rights.VIEW,
        intro=_("What each line of the budget is to bring about, how it stands, and what its review said."),
        rows=lambda actor, _params: queries.objectives(actor),
        columns=(
            *NAMED,
            Column(id="self", label=_("own score"), value=lambda one: printing.number(one.self_score)),
            SCORE,
            GRADE,
            Column(id="state", label=_("state"), value=state_chip, kind=Kind.CHIP, sort="state"),
        ),
        filters=(
            state_filter(State),
            Filter(
                id="grade",
                label=_("grade"),
                apply=lambda rows, value: rows.filter(grade=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in Grade),
            ),
        ),
        search=find,
        order_by=("-line__budget__book__year", "line__unit__name_key", "pk"),
        detail="finance.objective",
        empty=_("No line has an objective yet. Set one at “Lines without an objective”."),
    ),
    DetailPage(
        id="finance.objective",
        title=_("objective of a budget line"),
        permission=rights.VIEW,
        subject=queries.objective_for,
        heading=str,
        chips=chips,
        panels=(
            Panel(id="figures", title=_("In numbers"), form="figures", source=figures, wide=True),
            Panel(
                id="measures",
                title=_("Indicators"),
                form="table",
                source=live,
                columns=(
                    Column(id="name", label=_("indicator"), value="measure.name", width="wide"),
                    Column(id="group", label=_("group"), value="measure.get_group_display"),
                    Column(id="target", label=_("target"), value=lambda one: target_text(one.measure)),
                    Column(id="value", label=_("value now"), value=value_text),
                    Column(id="source", label=_("source"), value=lambda one: source_chip(one.measure), kind=Kind.CHIP),
                    Column(id="slip", label=_("against the year"), value=lambda one: slip(one.tone), kind=Kind.CHIP),
                    Column(
                        id="weight", label=_("weight (points)"), value=lambda one: printing.number(one.measure.weight)
                    ),
                    Column(id="own", label=_("own points"), value=lambda one: printing.number(one.measure.self_points)),
                    Column(
                        id="points",
                        label=_("points of the review"),
                        value=lambda one: printing.number(one.measure.points),
                    ),
                ),
                detail="finance.measure",
                wide=True,
                empty=_("It has no indicator yet."),
            ),
            Panel(id="facts", title=_("Objective"), form="facts", source=facts),
            Panel(
                id="monitorings",
                title=_("Monitoring"),
                form="table",
                source=lambda actor, objective: queries.monitorings(actor, objective)[:24],
                columns=(
                    Column(id="on", label=_("date"), value="on", kind=Kind.DATE),
                    Column(id="slip", label=_("slip"), value=lambda one: slip(Tone(one.worst)), kind=Kind.CHIP),
                    Column(id="late", label=_("behind"), value=monitored),
                    Column(id="note", label=_("what is done about it"), value="note"),
                ),
                empty=_("Nobody has looked at it in its year yet."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="measure",
                label=_("Add an indicator"),
                permission=rights.SET,
                form="finance.objective_measure",
                key="n",
                shown=in_state(State.DRAFT),
            ),
            Button(
                id="approve",
                label=_("Approve"),
                permission=rights.APPROVE,
                run=lambda actor, objective, _data: actions.approve(actor, objective),
                confirm=_("Its indicators and weights stay as they are from then on."),
                key="a",
                shown=in_state(State.DRAFT),
            ),
            Button(
                id="monitor",
                label=_("Monitor"),
                permission=rights.SET,
                form="finance.objective_monitor",
                shown=in_state(State.APPROVED),
            ),
            Button(
                id="assess",
                label=_("Assess"),
                permission=rights.SET,
                form="finance.objective_assess",
                shown=in_state(State.APPROVED),
            ),
            Button(
                id="review",
                label=_("Review"),
                permission=rights.REVIEW,
                form="finance.objective_review",
                shown=in_state(State.ASSESSED),
            ),
            Button(
                id="report",
                label=_("Report to print"),
                permission=rights.VIEW,
                form="finance.objective_report",
            ),
        ),
    ),
    DetailPage(
        id="finance.measure",
        title=_("indicator of an objective"),
        permission=rights.VIEW,
        subject=queries.measure_for,
        heading=lambda measure: measure.name,
        chips=lambda measure: (source_chip(measure),),
        panels=(
            Panel(id="facts", title=_("Indicator"), form="facts", source=measure_facts),
            Panel(
                id="evidence",
                title=_("What its value rests on"),
                form="links",
                source=evidence,
                empty=_("Nothing is counted or attached yet."),
            ),
        ),
        buttons=(
            Button(
                id="value",
                label=_("Enter the value"),
                permission=rights.SET,
                form="finance.measure_value",
                key="e",
                shown=to_enter,
            ),
        ),
    ),
    FilePage(
        id="finance.objective_report",
        title=_("Report on the objective"),
        permission=rights.VIEW,
        subject=queries.objective_for,
        make=printing.report,
    ),
    ListPage(
        id="finance.unset",
        title=_("Lines without an objective"),
        menu=_("Lines without an objective"),
        group=PERFORMANCE,
        icon="list-plus",
        order=81,
        permission=rights.SET,
        rows=lambda actor, _params: queries.lines_without(actor),
        columns=(
            Column(
                id="name",
                label=_("project"),
                value=lambda line: Link(text=line.name, url=f"/desk/finance/objective_new/{line.pk}/"),
                kind=Kind.LINK,
                width="wide",
            ),
            Column(id="unit", label=_("department"), value="unit.name", sort="unit__name_key"),
            Column(id="year", label=_("year"), value="budget.book.year", sort="budget__book__year"),
            Column(id="amount", label=_("budget (yuan)"), value="amount", kind=Kind.MONEY, sort="amount"),
        ),
        search=lambda rows, words: rows.filter(Q(name__icontains=words) | Q(unit__name__icontains=words)),
        order_by=("-amount", "pk"),
        empty=_("Every line in force has an objective."),
    ),
    FormPage(
        id="finance.objective_new",
        title=_("Objective of a budget line"),
        permission=rights.SET,
        subject=queries.line_without,
        form=plain(forms.ObjectiveForm),
        save=save_objective,
        submit=_("Set the objective"),
    ),
    step("measure", _("Add an indicator"), plain(forms.MeasureForm), save_measure, rights.SET),
    step(
        "monitor",
        _("Monitor"),
        plain(forms.MonitorForm),
        save_monitoring,
        rights.SET,
        _("The values of today are frozen. What is yellow or red needs what is done about it."),
    ),
    step(
        "assess",
        _("Assess"),
        plain(forms.AssessForm),
        save_assessment,
        rights.SET,
        _("Values and points are frozen as they are read now; somebody else reviews them."),
    ),
    step(
        "review",
        _("Review"),
        lambda _actor, objective, data, _files: forms.ReviewForm(objective, data),
        save_review,
        rights.REVIEW,
        _("Other points than the unit's own need a reason. A fair or poor grade opens a case."),
    ),
    FormPage(
        id="finance.measure_value",
        title=_("Enter the value"),
        permission=rights.SET,
        subject=queries.measure_for,
        form=lambda actor, _measure, data, sent: forms.ValueForm(actor, data, sent),
        save=save_value,
        submit=_("Enter the value"),
    ),
    ListPage(
        id="finance.asking_again",
        title=_("Asking again after a poor grade"),
        menu=_("Asking again after a poor grade"),
        group=PERFORMANCE,
        icon="message-square-warning",
        order=82,
        permission=rights.VIEW,
        intro=_("Lines whose project was fair or poor the year before. The draft is reviewed once each has a reason."),
        rows=lambda actor, _params: queries.asking_again(actor),
        columns=(
            Column(id="name", label=_("project"), value="name", width="wide"),
            Column(id="unit", label=_("department"), value="unit.name"),
            Column(id="amount", label=_("draft (yuan)"), value="amount", kind=Kind.MONEY),
            Column(
                id="earlier",
                label=_("the year before"),
                value=lambda line: Link(
                    text=f"{line.earlier.get_grade_display()} {line.earlier.score}", url=of(line.earlier)
                ),
                kind=Kind.LINK,
            ),
            Column(id="plea", label=_("reason"), value=plea_link, kind=Kind.LINK),
        ),
        empty=_("No line of a draft had a fair or poor grade the year before."),
    ),
    FormPage(
        id="finance.plea",
        title=_("Why is it asked for again?"),
        permission=rights.SET,
        subject=queries.draft_line,
        form=plain(forms.PleaForm),
        save=save_plea,
        submit=_("Give the reason"),
    ),
    ListPage(
        id="finance.results",
        title=_("Results of public spending"),
        menu=_("Results of public spending"),
        face=Face.PORTAL,
        icon="target",
        order=60,
        permission=None,
        intro=_("What the budget's projects were to bring about, and what their reviews said."),
        rows=lambda _actor, _params: queries.published(),
        columns=(
            Column(id="name", label=_("project"), value="line.name", sort="line__name", width="narrow"),
            Column(
                id="unit",
                label=_("department"),
                value="line.unit.name",
                sort="line__unit__name_key",
                width="narrow",
            ),
            Column(
                id="year",
                label=_("year"),
                value=lambda one: str(one.line.budget.book.year),
                sort="line__budget__book__year",
                width="narrow",
            ),
            Column(id="text", label=_("objective"), value="text", width="wide"),
            Column(id="amount", label=_("budget (yuan)"), value="line.amount", kind=Kind.MONEY),
            SCORE,
            GRADE,
        ),
        search=find,
        order_by=("-line__budget__book__year", "-score", "pk"),
        empty=_("No review is done yet. Results stand here once it is."),
    ),
)
