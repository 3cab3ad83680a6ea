"""The story of a case as residents read it: stages, what was told, what was answered; no names of staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CASE_TYPES, By, CaseType, Transition
from zhen.kernel.cases.models import Case, Comment
from zhen.kernel.cases.queries.cases import clocks_of, comments_of
from zhen.kernel.cases.values import Move
from zhen.kernel.journal import api as journal
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Tone

MOST = 200
"""Steps that are read, the newest: what happened longer ago on a case with more is left out."""
STAGES: tuple[tuple[str, Promise], ...] = (
    ("registered_at", gettext_lazy("Registered by the centre")),
    ("dispatched_at", gettext_lazy("With the unit in charge")),
    ("accepted_at", gettext_lazy("Being worked on")),
    ("handled_at", gettext_lazy("Done, says the unit")),
    ("verified_at", gettext_lazy("Checked by somebody else")),
)
"""The moments of a case in plain words, between its receipt and its end. A type has those that its steps stamp."""
KEPT_ON_REOPENING = frozenset({"registered_at"})


@dataclass(frozen=True, kw_only=True)
class Told:
    """One thing that happened. `mine`: the reporter said it himself."""

    at: datetime
    text: str
    tone: Tone = Tone.NEUTRAL
    mine: bool = False


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A station on the way; `at` is empty while it lies ahead, `now` marks the one the case has come to."""

    name: str
    at: datetime | None
    now: bool = False


@dataclass(frozen=True, kw_only=True)
class Way:
    """How far a case has come, and how it came there."""

    stages: Sequence[Stage]
    told: Sequence[Told]


@dataclass(frozen=True, kw_only=True)
class Expected:
    """When the case is to be done. Past it, it is late; `provisional` where the calendar does not reach so far yet."""

    at: datetime
    provisional: bool


def way(case: Case, *, mine: bool = True) -> Way:
    """What happened to a case, first to last. Two queries; one for others than its reporter (`mine` is false), who
    learn the stages and the steps, and nothing that anybody wrote."""
    type_ = CASE_TYPES[case.type]
    events = list(journal.events_about(case).filter(kind="cases.moved")[:MOST])
    events.reverse()
    told = [Told(at=case.received_at, text=_("You reported it.") if mine else _("It was reported."), mine=mine)]
    for event in events:
        step = type_.transition(str(event.data.get("step", "")))
        if step is not None and step.told:
            own = mine and step.by is By.REPORTER
            told.append(Told(at=event.at, text=_told(step, mine=mine), tone=step.tone, mine=own))
    if mine:
        told += [
            Told(at=said.at, text=said.text, mine=said.kind == Comment.Kind.REPORTER)
            for said in comments_of(case, public=True)
        ]
    moments = _moments((event.at, event.data) for event in events)
    return Way(stages=_stages(case, type_, moments), told=sorted(told, key=lambda one: one.at))


def _told(step: Transition, *, mine: bool) -> str:
    if mine or step.by is not By.REPORTER:
        return str(step.told)
    if step.ends_as:
        return _("The reporter has taken it back.")
    return _("The reporter says that it is not solved.") if step.after else _("The reporter has said how it was done.")


def story(case: Case) -> list[Told]:
    """What happened to a case that its reporter has shown to be his, first to last. Two queries."""
    return list(way(case).told)


def _moments(events: Iterable[tuple[datetime, dict[str, object]]]) -> dict[str, datetime]:
    """When each stage was reached last. What is opened again has its later stages before it once more."""
    found: dict[str, datetime] = {}
    for at, data in events:
        if data.get("reopened"):
            found = {name: moment for name, moment in found.items() if name in KEPT_ON_REOPENING}
        stamps = data.get("stamps")
        for name in stamps if isinstance(stamps, list) else ():
            found[str(name)] = at
    return found


def _stages(case: Case, type_: CaseType, moments: dict[str, datetime]) -> list[Stage]:
    stamped = {stamp for step in type_.transitions for stamp in step.stamps}
    known = [
        *((str(name), moments.get(stamp)) for stamp, name in STAGES if stamp in stamped),
        (_("Closed"), case.closed_at),
    ]
    if not case.open:  # what was passed over does not lie ahead any more
        known = [(name, at) for name, at in known if at is not None]
    reached = [(_("Received"), case.received_at), *known]
    last = max(n for n, (_name, at) in enumerate(reached) if at is not None)
    return [
        Stage(name=name, at=at, now=n == last) for n, (name, at) in enumerate(reached) if at is not None or n > last
    ]


def expected(case: Case) -> Expected | None:
    """When the town means to have done it: the end of the clock over the whole case, while one runs. One query."""
    whole = {deadline.id for deadline in CASE_TYPES[case.type].deadlines if deadline.whole}
    running = [clock for clock in clocks_of(case) if clock.running and clock.deadline in whole and clock.due_at]
    if not running:
        return None
    last = running[-1]
    return Expected(at=last.due_at, provisional=last.provisional) if last.due_at else None


def steps_of_reporter(case: Case) -> tuple[Transition, ...]:
    """The steps that are the reporter's own, as the case stands. What is too late is refused when it is tried."""
    return tuple(step for step in CASE_TYPES[case.type].steps_from(case.state) if step.by is By.REPORTER)


def why_not(actor: Actor, case: Case, step: Transition, now: datetime) -> Refused | None:
    """Why a step of the reporter's own would be refused whatever he gives, such as for being too late."""
    if step.check is None:
        return None
    try:
        step.check(actor, case, Move(reason="…"), now)
    except Refused as refused:
        return refused
    return None
