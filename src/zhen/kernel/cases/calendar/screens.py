"""The desk's pages of the calendar: the years that are known, one of them, and what a notice would move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.calendar import reading, ruling, trial
from zhen.kernel.cases.calendar.forms import YearForm
from zhen.kernel.cases.calendar.queries import VIEW, Year, approvers, year_of, years
from zhen.kernel.cases.calendar.ruling import CHANGE
from zhen.kernel.cases.calendar.values import YearNotice
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.cases.search.source import url_of
from zhen.kernel.journal.api import entry, events_about
from zhen.kernel.lib import calendar, clock
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    Figure,
    FormPage,
    Kind,
    Link,
    ListPage,
    Missing,
    Month,
    Panel,
    Tone,
)

SHOWN = 100
OFF = Chip(text=_("day off"), tone=Tone.DUE_SOON)
WORKED = Chip(text=_("worked"), tone=Tone.BEHIND)


def year(actor: Actor, key: str) -> Year:
    found = year_of(actor, int(key)) if key.isascii() and key.isdigit() and len(key) == 4 else None
    if found is None:
        raise Missing(key)
    return found


def state(row: Year) -> Chip:
    now = clock.today().year
    if row.year == now:
        return Chip(text=_("this year"), tone=Tone.ON_TRACK)
    return Chip(text=_("to come"), tone=Tone.DUE_SOON) if row.year > now else Chip(text=_("past"))


def months(_actor: Actor, subject: Any) -> list[Month]:
    """The twelve months of a year, or of a notice, with what differs from the week."""
    return [
        Month(
            first=date(subject.year, month, 1),
            marks={
                **{day: OFF for day in subject.holidays if day.month == month},
                **{day: WORKED for day in subject.swap_days if day.month == month},
            },
        )
        for month in range(1, 13)
    ]


def named(days: Mapping[date, str]) -> str:
    return reading.written(dict(days)) or "—"


def facts(_actor: Actor, subject: Any) -> list[Fact]:
    return [
        Fact(label=_("days off"), value=named(subject.holidays), kind=Kind.PROSE),
        Fact(label=_("swap days"), value=named(subject.swap_days), kind=Kind.PROSE),
        Fact(label=_("source"), value=subject.source),
        Fact(label=_("approved by"), value=subject.approved_by or "—"),
    ]


def figures(_actor: Actor, subject: Year) -> list[Figure]:
    period = str(subject.year)
    return [
        Figure(label=_("working days"), value=subject.worked, unit=_("days"), period=period),
        Figure(label=_("days off"), value=len(subject.holidays), unit=_("days"), period=period),
        Figure(label=_("swap days"), value=len(subject.swap_days), unit=_("days"), period=period),
    ]


def hours(_actor: Actor, _subject: Any) -> list[Fact]:
    labels = (_("first period"), _("second period"), _("third period"))
    periods = rulebook().calendar.hours.periods
    return [
        Fact(label=label, value=f"{start:%H:%M}–{end:%H:%M}")
        for label, (start, end) in zip(labels, periods, strict=False)
    ]


def form_of(actor: Actor, subject: Year | None, data: Any, _files: Any) -> YearForm:
    if subject is not None:
        form = YearForm(
            data,
            approvers=approvers(actor, clock.today()),
            initial={
                "year": subject.year,
                "holidays": reading.written(dict(subject.holidays)),
                "swap_days": reading.written(dict(subject.swap_days)),
                "source": subject.source,
            },
        )
        form.fields["year"].disabled = True
        return form
    return YearForm(data, approvers=approvers(actor, clock.today()), initial=_next_year(actor))


def _next_year(actor: Actor) -> dict[str, Any]:
    """The year after the last that is known, with its days where the library has learnt them meanwhile."""
    coming = max((one.year for one in years(actor)), default=clock.today().year) + 1
    seed = calendar.seed()
    if coming > seed.last.year:
        return {"year": coming}
    return {
        "year": coming,
        "holidays": reading.written(dict.fromkeys((day for day in seed.holidays if day.year == coming), "")),
        "swap_days": reading.written(dict.fromkeys((day for day in seed.swap_days if day.year == coming), "")),
        "source": seed.source,
    }


def to_trial(_actor: Actor, _subject: Year | None, form: YearForm) -> str:
    return reverse("page:cases.year_trial", kwargs={"key": form.proposal().key})


# the preview


@dataclass(frozen=True, kw_only=True)
class Tried:
    notice: YearNotice
    found: trial.Trial
    known: Year | None

    @property
    def changes(self) -> list[tuple[date, str]]:
        """Each day that differs from what is known, and what it becomes."""
        off, worked = set(self.notice.holidays), set(self.notice.swap_days)
        before_off = set(self.known.holidays) if self.known else set()
        before_worked = set(self.known.swap_days) if self.known else set()
        lines = [
            *((day, "off") for day in off - before_off),
            *((day, "worked") for day in worked - before_worked),
            *((day, "plain") for day in (before_off | before_worked) - off - worked),
        ]
        return sorted(lines)


def tried(actor: Actor, key: str) -> Tried:
    try:
        notice = YearNotice.read(key)
    except signing.BadSignature as fault:
        raise Missing(key) from fault
    found = trial.try_out(actor, notice, clock.now())
    return Tried(notice=notice, found=found, known=year_of(actor, notice.year))


def trial_figures(_actor: Actor, subject: Tried) -> list[Figure]:
    found = subject.found
    why = _("Only the first %(most)s clocks were tried.") % {"most": trial.MOST} if found.cut else ""
    late = Tone.OVERDUE if found.overdue else Tone.ON_TRACK
    return [
        Figure(label=_("running clocks in the year"), value=found.considered, why=why),
        Figure(label=_("due later then"), value=found.later),
        Figure(label=_("due earlier then"), value=found.earlier, tone=Tone.DUE_SOON if found.earlier else Tone.NEUTRAL),
        Figure(label=_("would have run out already"), value=found.overdue, tone=late),
        Figure(label=_("no longer provisional, same date"), value=found.settled),
    ]


@dataclass(frozen=True, kw_only=True)
class Line:
    link: Link
    deadline: Any
    before: Any
    after: Any
    state: Chip


def moved(_actor: Actor, subject: Tried) -> Sequence[Line]:
    now, lines = subject.found.now, []
    for one in subject.found.moved[:SHOWN]:
        case = one.clock.case
        if one.after <= now:
            chip = Chip(text=_("overdue then"), tone=Tone.OVERDUE)
        elif one.provisional:
            chip = Chip(text=_("still provisional"))
        else:
            chip = Chip(text=_("settled"), tone=Tone.ON_TRACK)
        lines.append(
            Line(
                link=Link(text=case.number, url=url_of(case)),
                deadline=CASE_TYPES[case.type].deadline(one.clock.deadline).name,
                before=one.before,
                after=one.after,
                state=chip,
            )
        )
    return lines


CHANGED_TO = {"off": OFF, "worked": WORKED, "plain": Chip(text=_("as the week has it"))}


def changes(_actor: Actor, subject: Tried) -> list[dict[str, Any]]:
    return [{"key": str(day), "day": day, "then": CHANGED_TO[then]} for day, then in subject.changes]


def put_in_force(actor: Actor, subject: Tried, _data: Any) -> str:
    ruling.enter_year(actor, subject.notice)
    return reverse("page:cases.year", kwargs={"key": str(subject.notice.year)})


MONTHS = Panel(id="months", title=_("Days off and swap days"), form="calendar", source=months, wide=True)
YEARS = ListPage(
    id="cases.years",
    title=_("Calendar"),
    menu=_("Calendar"),
    icon="calendar",
    order=66,
    permission=VIEW,
    intro=_(
        "Which days are worked. Limits in working time count on it; dates in years that are not known yet are "
        "provisional."
    ),
    rows=lambda actor, _params: years(actor),
    columns=(
        Column(id="year", label=_("year"), value="key", sort="year"),
        Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
        Column(id="worked", label=_("working days"), value="worked", kind=Kind.NUMBER),
        Column(id="off", label=_("days off"), value=lambda row: len(row.holidays), kind=Kind.NUMBER),
        Column(id="swap", label=_("swap days"), value=lambda row: len(row.swap_days), kind=Kind.NUMBER),
        Column(id="source", label=_("source"), value="source", width="wide"),
        Column(id="approved", label=_("approved by"), value="approved_by"),
    ),
    search=lambda rows, words: [row for row in rows if words in row.key or words in row.source],
    detail="cases.year",
    buttons=(Button(id="new", label=_("Enter the next year"), permission=CHANGE, form="cases.year_new", key="n"),),
    empty=_("No year is known yet: every date counts Monday to Friday and is provisional. Enter this year's notice."),
)
YEAR = DetailPage(
    id="cases.year",
    title=_("year of the calendar"),
    permission=VIEW,
    subject=year,
    heading=lambda row: row.key,
    chips=lambda row: (state(row),),
    panels=(
        Panel(id="figures", title=_("The year in figures"), form="figures", source=figures),
        Panel(id="hours", title=_("Working periods of a day"), form="facts", source=hours),
        MONTHS,
        Panel(id="facts", title=_("Notice"), form="facts", source=facts),
        Panel(
            id="journal",
            title=_("What happened"),
            form="timeline",
            source=lambda _actor, row: [entry(one) for one in events_about(("cases.calendarday", row.year))[:SHOWN]],
        ),
    ),
    buttons=(Button(id="correct", label=_("Correct"), permission=CHANGE, form="cases.year_correct", key="e"),),
)
INTRO = _("You see first which running deadlines it would move. Only then it is put in force.")
NEW = FormPage(
    id="cases.year_new",
    title=_("Enter a year's calendar"),
    intro=INTRO,
    permission=CHANGE,
    form=form_of,
    save=to_trial,
    submit=_("See what it moves"),
)
CORRECT = FormPage(
    id="cases.year_correct",
    title=_("Correct a year's calendar"),
    intro=INTRO,
    permission=CHANGE,
    subject=year,
    form=form_of,
    save=to_trial,
    submit=_("See what it moves"),
)
TRIAL = DetailPage(
    id="cases.year_trial",
    title=_("What a notice would move"),
    permission=VIEW,
    subject=tried,
    heading=lambda subject: str(subject.notice.year),
    chips=lambda _subject: (Chip(text=_("a preview: nothing is changed"), tone=Tone.DUE_SOON),),
    panels=(
        Panel(id="figures", title=_("Running deadlines"), form="figures", source=trial_figures, wide=True),
        Panel(
            id="changes",
            title=_("Days that change"),
            form="table",
            source=changes,
            columns=(
                Column(id="day", label=_("day"), value="day", kind=Kind.DATE),
                Column(id="then", label=_("then"), value="then", kind=Kind.CHIP),
            ),
            empty=_("Every day stays as it is known."),
        ),
        Panel(
            id="facts",
            title=_("Notice"),
            form="facts",
            source=lambda actor, subject: facts(actor, subject.notice),
        ),
        Panel(
            id="months",
            title=_("Days off and swap days"),
            form="calendar",
            source=lambda actor, subject: months(actor, subject.notice),
            wide=True,
        ),
        Panel(
            id="moved",
            title=_("Deadlines that move"),
            form="table",
            source=moved,
            columns=(
                Column(id="number", label=_("case number"), value="link", kind=Kind.LINK),
                Column(id="deadline", label=_("deadline"), value="deadline"),
                Column(id="before", label=_("due so far"), value="before", kind=Kind.TIME),
                Column(id="after", label=_("due then"), value="after", kind=Kind.TIME),
                Column(id="state", label=_("state"), value="state", kind=Kind.CHIP),
            ),
            wide=True,
            empty=_("No running deadline would move."),
        ),
    ),
    buttons=(
        Button(
            id="set",
            label=_("Put it in force"),
            permission=CHANGE,
            run=put_in_force,
            confirm=_("The days hold at once. Running deadlines in the year move, each with an entry in its case."),
        ),
    ),
)
PAGES = (YEARS, YEAR, NEW, CORRECT, TRIAL)
