"""The desk's pages of time limits: how long what may take, since when, and what a new one would have done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.cases import dated
from zhen.kernel.cases.dated import VIEW, Text, class_name, type_name
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.limits import ruling, trial
from zhen.kernel.cases.limits.forms import DEADLINE, LimitForm
from zhen.kernel.cases.limits.ruling import CHANGE
from zhen.kernel.cases.models import TimeLimit
from zhen.kernel.cases.search.source import url_of
from zhen.kernel.journal.api import timeline
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Figure,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Missing,
    Panel,
    Tone,
)

SHOWN = 100
NEVER = _("never")


@dataclass(frozen=True)
class Opened:
    """A limit as its page shows it: a draft with what it would have done."""

    row: TimeLimit
    actor: Actor

    @property
    def key(self) -> str:
        return str(self.row.pk)

    @cached_property
    def found(self) -> trial.Trial:
        return trial.try_out(self.actor, self.row, clock.now())


def limits(actor: Actor) -> QuerySet[TimeLimit]:
    return restrict(actor, VIEW, TimeLimit.objects.select_related("category", "proposed_by"))


def limit(actor: Actor, key: str) -> Opened:
    found = limits(actor).filter(pk=int(key)).first() if key.isascii() and key.isdigit() and len(key) < 18 else None
    if found is None:
        raise Missing(key)
    return Opened(found, actor)


def deadline_name(row: TimeLimit) -> Text:
    type_ = CASE_TYPES.get(row.case_type)
    return type_.deadline(row.deadline).name if type_ else row.deadline


def length(row: TimeLimit) -> str:
    return f"{row.amount} {row.get_unit_display()}"


def days(amount: int) -> Text:
    return _("%(amount)s working days") % {"amount": amount} if amount else NEVER


def state(row: TimeLimit) -> Chip:
    return Chip(text=_("waiting for approval"), tone=Tone.BEHIND) if row.draft else dated.state(row)


def by_state(rows: QuerySet[TimeLimit], value: str) -> QuerySet[TimeLimit]:
    return rows.filter(draft=True) if value == "draft" else dated.by_state(rows.filter(draft=False), value)


def deadline_choices(_actor: Actor) -> list[Choice]:
    known = {deadline.id: deadline.name for type_ in CASE_TYPES for deadline in type_.deadlines}
    return [Choice(value=id, label=name) for id, name in known.items()]


def type_choices(_actor: Actor) -> list[Choice]:
    return [Choice(value=type_.id, label=type_.name) for type_ in CASE_TYPES if type_.deadlines]


def facts(_actor: Actor, subject: Opened) -> list[Fact]:
    row = subject.row
    return [
        Fact(label=_("kind of case"), value=type_name(row)),
        Fact(label=_("deadline"), value=deadline_name(row)),
        Fact(label=_("class"), value=class_name(row)),
        Fact(label=_("how long"), value=length(row)),
        Fact(label=_("a last day off moves to the next worked day"), value=_("yes") if row.moves else _("no")),
        *dated.period(row),
        Fact(label=_("proposed by"), value=row.proposed_by.name if row.proposed_by else "—"),
        Fact(label=_("approved by"), value=row.approved_by or "—"),
    ]


def steps(_actor: Actor, subject: Opened) -> list[Fact]:
    row = subject.row
    warn = _("when %(percent)s %% of the time has run") % {"percent": row.warn_at} if row.warn_at else NEVER
    after = days(row.escalate_after)
    return [
        Fact(label=_("warning"), value=warn),
        Fact(label=_("reminder, again and again"), value=days(row.remind_every)),
        Fact(label=_("escalated after"), value=after),
        Fact(label=_("escalate to"), value=row.get_escalate_to_display() if row.escalate_after else "—"),
    ]


def history(actor: Actor, subject: Opened) -> QuerySet[TimeLimit]:
    """The limits for the same kind of case, deadline and class, the newest first."""
    row = subject.row
    rows = limits(actor).filter(case_type=row.case_type, deadline=row.deadline, category=row.category_id)
    return rows.order_by("-valid_from")


def form_of(_actor: Actor, subject: Opened | None, data: Any, _files: Any) -> LimitForm:
    initial: dict[str, Any] = {"valid_from": clock.today()}
    if subject is not None:
        row = subject.row
        names = ("amount", "unit", "moves", "warn_at", "remind_every", "escalate_after", "escalate_to")
        initial |= {name: getattr(row, name) for name in names}
        initial |= {"deadline": f"{row.case_type}{DEADLINE}{row.deadline}", "category": row.category_id}
    return LimitForm(data, initial=initial)


def propose(actor: Actor, _subject: Opened | None, form: LimitForm) -> str:
    return _page(ruling.propose_limit(actor, form.proposal()))


def approve(actor: Actor, subject: Opened, _data: Any) -> str:
    return _page(ruling.approve_limit(actor, subject.row.pk))


def withdraw(actor: Actor, subject: Opened, _data: Any) -> str:
    ruling.withdraw_limit(actor, subject.row.pk)
    return reverse("page:cases.limits")


def end(actor: Actor, subject: Opened, _data: Any) -> str:
    ruling.end_limit(actor, subject.row.pk)
    return reverse("page:cases.limits")


def _page(row: TimeLimit) -> str:
    return reverse("page:cases.limit", kwargs={"key": str(row.pk)})


# the trial


def figures(_actor: Actor, subject: Opened) -> list[Figure]:
    found = subject.found
    period = _("since %(day)s") % {"day": found.since.isoformat()}
    why = _("Only the newest %(most)s cases were tried.") % {"most": trial.MOST} if found.cut else ""
    more = found.late_then > found.late
    return [
        Figure(label=_("cases to which it could apply"), value=len(found.judged), period=period, why=why),
        Figure(label=_("late as it was"), value=found.late, period=period),
        Figure(
            label=_("would have been late"),
            value=found.late_then,
            period=period,
            trend=found.late_then - found.late,
            tone=Tone.BEHIND if more else Tone.ON_TRACK,
        ),
    ]


@dataclass(frozen=True, kw_only=True)
class Line:
    link: Link
    title: str
    before: Any
    after: Any
    then: Chip


def turned(_actor: Actor, subject: Opened) -> Sequence[Line]:
    return [
        Line(
            link=Link(text=one.clock.case.number, url=url_of(one.clock.case)),
            title=one.clock.case.title,
            before=one.due,
            after=one.due_then,
            then=Chip(text=_("late"), tone=Tone.OVERDUE)
            if one.late_then
            else Chip(text=_("in time"), tone=Tone.ON_TRACK),
        )
        for one in subject.found.turned[:SHOWN]
    ]


def is_draft(_actor: Actor, subject: Opened) -> bool:
    return subject.row.draft


COLUMNS = (
    dated.CLASS,
    Column(id="type", label=_("kind of case"), value=type_name, sort="case_type"),
    Column(id="deadline", label=_("deadline"), value=deadline_name, sort="deadline"),
    Column(id="length", label=_("how long"), value=length),
    dated.FROM,
    dated.TO,
    Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
    dated.SOURCE,
    Column(id="approved", label=_("approved by"), value="approved_by"),
)

LIMITS = ListPage(
    id="cases.limits",
    title=_("Time limits"),
    menu=_("Time limits"),
    icon="calendar-clock",
    order=61,
    permission=VIEW,
    intro=_("How long what may take, and who is told when. The nearest class wins; running clocks keep their limit."),
    rows=lambda actor, _params: limits(actor),
    columns=COLUMNS,
    filters=(
        Filter(
            id="type",
            label=_("kind of case"),
            apply=lambda rows, value: rows.filter(case_type=value),
            choices=type_choices,
        ),
        Filter(
            id="deadline",
            label=_("deadline"),
            apply=lambda rows, value: rows.filter(deadline=value),
            choices=deadline_choices,
        ),
        Filter(
            id="state",
            label=_("state"),
            apply=by_state,
            choices=(dated.HOLDS, Choice(value="draft", label=_("waiting for approval")), dated.ENDED),
        ),
    ),
    search=lambda rows, words: rows.filter(
        Q(category__name__icontains=words) | Q(category__code__istartswith=words) | Q(source__icontains=words)
    ),
    order_by=("-draft", "case_type", "category__code", "deadline", "-valid_from"),
    detail="cases.limit",
    buttons=(Button(id="new", label=_("Propose a limit"), permission=CHANGE, form="cases.limit_new", key="n"),),
    empty=_("No limit is laid down. Until there is one, each deadline runs as long as its kind of case says."),
)
LIMIT = DetailPage(
    id="cases.limit",
    title=_("time limit"),
    permission=VIEW,
    subject=limit,
    heading=lambda subject: f"{class_name(subject.row)} · {deadline_name(subject.row)} · {length(subject.row)}",
    chips=lambda subject: (state(subject.row),),
    panels=(
        Panel(id="facts", title=_("time limit"), form="facts", source=facts),
        Panel(id="steps", title=_("Who is told, and when"), form="facts", source=steps),
        Panel(
            id="figures",
            title=_("Last month with this limit"),
            form="figures",
            source=figures,
            wide=True,
        ),
        Panel(
            id="turned",
            title=_("Cases that would have fared otherwise"),
            form="table",
            source=turned,
            columns=(
                Column(id="number", label=_("case number"), value="link", kind=Kind.LINK),
                Column(id="title", label=_("title"), value="title", width="wide"),
                Column(id="before", label=_("due so far"), value="before", kind=Kind.TIME),
                Column(id="after", label=_("due then"), value="after", kind=Kind.TIME),
                Column(id="then", label=_("then"), value="then", kind=Kind.CHIP),
            ),
            wide=True,
            empty=_("No case of the last month would have fared otherwise."),
        ),
        Panel(
            id="history",
            title=_("For the same deadline and class"),
            form="table",
            source=history,
            columns=COLUMNS[3:],
            detail="cases.limit",
            wide=True,
        ),
        Panel(id="journal", title=_("What happened"), form="timeline", source=lambda _actor, s: timeline(s.row)),
    ),
    buttons=(
        Button(
            id="approve",
            label=_("Approve"),
            permission=CHANGE,
            run=approve,
            confirm=_("Cases that are received from its day on follow it. Those that are there keep theirs."),
            shown=lambda actor, subject: subject.row.draft and subject.row.proposed_by_id != actor.user_id,
        ),
        Button(
            id="withdraw",
            label=_("Take it back"),
            permission=CHANGE,
            run=withdraw,
            confirm=_("The proposal goes. The journal keeps that it was made."),
            shown=is_draft,
        ),
        Button(
            id="change",
            label=_("Propose a change"),
            permission=CHANGE,
            form="cases.limit_change",
            key="e",
            shown=lambda actor, subject: not subject.row.draft,
        ),
        Button(
            id="end",
            label=_("End today"),
            permission=CHANGE,
            run=end,
            confirm=_("From today on new cases follow the limit of the wider class. Running clocks keep theirs."),
            shown=lambda _actor, subject: not subject.row.draft and subject.row.valid_to is None,
        ),
    ),
)
INTRO = _("You see what it would have done last month. It holds once somebody else has approved it.")
NEW = FormPage(
    id="cases.limit_new",
    title=_("Propose a limit"),
    intro=INTRO,
    permission=CHANGE,
    form=form_of,
    save=propose,
    submit=_("Propose it"),
)
CHANGED = FormPage(
    id="cases.limit_change",
    title=_("Propose a change of a limit"),
    intro=INTRO,
    permission=CHANGE,
    subject=limit,
    form=form_of,
    save=propose,
    submit=_("Propose it"),
)
PAGES = (LIMITS, LIMIT, NEW, CHANGED)
