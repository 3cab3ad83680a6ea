"""Case types: everything about one kind of case that is shape, as a table that can be read at a glance.

What the town changes without a release (classes, time limits, who handles what) are rows:
`Category`, `TimeLimit`, `Route`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from zhen.kernel.access.api import PERMISSIONS
from zhen.kernel.forms.api import problems_of
from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Entry, Registry
from zhen.kernel.lib.states import unreachable
from zhen.kernel.pages.api import Tone

if TYPE_CHECKING:
    from datetime import datetime

    from zhen.kernel.access.api import Actor
    from zhen.kernel.cases.models import Case
    from zhen.kernel.cases.values import Move

Text = str | Promise


class Need(StrEnum):
    """What a transition asks for.

    EVIDENCE: a photo or a paper. SHOWN: the same, or words on why there is none; what is only explained has nothing
    to show, and whoever checks shows what he has seen himself.
    """

    REASON = "reason"
    CATEGORY = "category"
    UNIT = "unit"
    PERSON = "person"
    OUTCOME = "outcome"
    RESULT = "result"
    EVIDENCE = "evidence"
    SHOWN = "shown"
    UNTIL = "until"
    RATING = "rating"
    NO_OPEN_PARTS = "no_open_parts"


class By(StrEnum):
    """Who may take a transition, beyond the permission on the case.

    UNIT: somebody whose post is in the unit that has the case (the permission's reach says this already for
    roles that are limited to a unit; it binds those with the whole town's reach too). PERSON: whom it is assigned to.
    OTHER: anybody but whoever handled it: the second pair of eyes. SYSTEM: only Zhen itself.
    """

    ANY = "any"
    UNIT = "unit"
    PERSON = "person"
    OTHER = "other"
    REPORTER = "reporter"
    SYSTEM = "system"


class Visibility(StrEnum):
    """PUBLIC: number, class, rough place and progress may be shown to everybody. INTERNAL: to staff in scope.
    CONFIDENTIAL: to staff in scope, and every reading of it is journalled."""

    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"


@dataclass(frozen=True, kw_only=True)
class State:
    """Where a case stands. `public` is what the reporter reads; `end` closes the case; `waiting` stops its clocks."""

    id: str
    name: Text
    public: Text = ""
    tone: Tone = Tone.NEUTRAL
    end: bool = False
    waiting: bool = False


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One step: from any of `before` to `after` (`None`: stays where it is).

    `starts` and `stops` name deadlines. `stamps` names the moment of the case that it sets (`registered_at`, …).
    `clears` names what it takes back (such as the person). `counts` names what the figures count it as, beyond its
    stamps: `returned` to the dispatcher, `reworked` after a check, `self_handled` on the spot.
    `ends_as` names the outcome that the step gives by itself, where nobody chooses one.
    `effect(actor, case, move)` does what no table can say, in the same transaction; `check(actor, case, move, now)`
    refuses what no table can, before anything is changed. `on_site`: it is taken where the thing is, so the field
    face offers it. An odd transition cites its rule in `why`.
    """

    id: str
    name: Text
    before: frozenset[str]
    after: str | None
    permission: str
    by: By = By.ANY
    needs: frozenset[Need] = frozenset()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    stamps: tuple[str, ...] = ()
    clears: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()
    ends_as: str = ""
    told: Text = ""
    tone: Tone = Tone.NEUTRAL
    key: str = ""
    on_site: bool = False
    check: Callable[[Actor, Case, Move, datetime], None] | None = None
    effect: Callable[[Actor, Case, Move], None] | None = None
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A clock of a case. How long it runs is a `TimeLimit` row; `fallback` holds where there is none: amount and unit.

    `whole`: it runs over the case as a whole, not over one stage; the rate of cases closed on time reads it.
    """

    id: str
    name: Text
    fallback: tuple[int, str] | None = None
    whole: bool = False


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a case ended. `solved` is `None` where the outcome counts in no rate (void, passed on)."""

    id: str
    name: Text
    solved: bool | None


@dataclass(frozen=True, kw_only=True)
class Powers:
    """The permissions that the engine's own actions ask for on cases of a type."""

    view: str
    create: str
    edit: str
    assign: str
    comment: str
    pause: str
    extend: str
    link: str
    reporter: str


@dataclass(frozen=True, kw_only=True)
class CaseType:
    """A kind of case.

    `prefix` starts its numbers: ZF-2026-000123. `scheme` names the categories it uses. `form` is a JSON Schema of
    what is asked beyond the common fields, raised with `form_version`; answers keep the version they were given in,
    and are shown by it as long as `earlier_forms` keeps its schema.
    `start` names the deadlines that begin when the case is received. `closes_with_parts`: the case cannot end while
    one of its sub-cases is open. `public_intake`: everybody may report one. `orders_from` names the systems elsewhere
    (such as the hotline) whose work orders become cases of the type. `detail` names the page that shows a case.
    """

    id: str
    name: Text
    prefix: str
    states: tuple[State, ...]
    transitions: tuple[Transition, ...]
    powers: Powers
    deadlines: tuple[Deadline, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    start: tuple[str, ...] = ()
    scheme: str = ""
    visibility: Visibility = Visibility.INTERNAL
    form: Mapping[str, Any] = field(default_factory=dict)
    form_version: int = 1
    earlier_forms: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    closes_with_parts: bool = True
    public_intake: bool = False
    orders_from: frozenset[str] = frozenset()
    detail: str = ""

    @property
    def initial(self) -> State:
        return self.states[0]

    def state(self, id: str) -> State:
        return next(state for state in self.states if state.id == id)

    def transition(self, id: str) -> Transition | None:
        return next((transition for transition in self.transitions if transition.id == id), None)

    def deadline(self, id: str) -> Deadline:
        return next(deadline for deadline in self.deadlines if deadline.id == id)

    def form_of(self, version: int) -> Mapping[str, Any]:
        """The schema that answers of a version were given to; of one that is not kept any more, an empty one."""
        return self.form if version == self.form_version else self.earlier_forms.get(version, {})

    def outcome(self, id: str) -> Outcome | None:
        return next((outcome for outcome in self.outcomes if outcome.id == id), None)

    def steps_from(self, state: str) -> tuple[Transition, ...]:
        return tuple(transition for transition in self.transitions if state in transition.before)


STAMPS = frozenset({"registered_at", "contacted_at", "dispatched_at", "accepted_at", "handled_at", "verified_at"})
COUNTS = frozenset({"returned", "reworked", "self_handled"})
CLEARS = frozenset({"unit", "person", "outcome", "result"})


def _check(types: Mapping[str, Entry[CaseType]]) -> Iterable[Problem]:
    prefixes: dict[str, str] = {}
    senders: dict[str, str] = {}
    for entry in types.values():
        type_ = entry.value
        where = f"{entry.owner}: case type {type_.id}"
        if type_.prefix in prefixes:
            yield Problem(
                where=where, what=f"numbers its cases as {prefixes[type_.prefix]} does", remedy="Choose another prefix"
            )
        prefixes[type_.prefix] = type_.id
        for sender in sorted(type_.orders_from):
            if sender in senders:
                yield Problem(
                    where=where,
                    what=f"takes the work orders of {sender}, as {senders[sender]} does",
                    remedy="Let one of the two take them",
                )
            senders[sender] = type_.id
        yield from _check_type(type_, where)


def _check_type(type_: CaseType, where: str) -> Iterable[Problem]:
    states = {state.id for state in type_.states}
    deadlines = {deadline.id for deadline in type_.deadlines}
    for name, ids in (
        ("states", [state.id for state in type_.states]),
        ("transitions", [transition.id for transition in type_.transitions]),
        ("deadlines", [deadline.id for deadline in type_.deadlines]),
        ("outcomes", [outcome.id for outcome in type_.outcomes]),
    ):
        for twice in sorted({id for id in ids if ids.count(id) > 1}):
            yield Problem(where=where, what=f"has {twice} twice among its {name}", remedy="Rename one of the two")
    if type_.form:
        yield from problems_of(type_.form, f"{where}: form")
    for version in sorted(v for v in type_.earlier_forms if not 1 <= v < type_.form_version):
        yield Problem(where=where, what=f"keeps the form {version} as an earlier one", remedy="Raise form_version")
    for permission in sorted(set(vars(type_.powers).values())):
        if permission not in PERMISSIONS.candidate:
            yield Problem(where=where, what=f"asks for the unknown permission {permission}", remedy="Declare it")
    moves = []
    for step in type_.transitions:
        at = f"{where}: {step.id}"
        for state in sorted(({*step.before} | ({step.after} if step.after else set())) - states):
            yield Problem(where=at, what=f"names the unknown state {state}", remedy="Add it to states or mend the name")
        for deadline in sorted({*step.starts, *step.stops} - deadlines):
            yield Problem(where=at, what=f"names the unknown deadline {deadline}", remedy="Add it to deadlines")
        for stamp in sorted({*step.stamps} - STAMPS):
            yield Problem(
                where=at, what=f"stamps the unknown moment {stamp}", remedy=f"Use one of {', '.join(sorted(STAMPS))}"
            )
        for count in sorted({*step.counts} - COUNTS):
            yield Problem(
                where=at, what=f"counts as the unknown {count}", remedy=f"Use one of {', '.join(sorted(COUNTS))}"
            )
        for clear in sorted({*step.clears} - CLEARS):
            yield Problem(
                where=at, what=f"clears the unknown part {clear}", remedy=f"Use one of {', '.join(sorted(CLEARS))}"
            )
        if step.ends_as and type_.outcome(step.ends_as) is None:
            yield Problem(where=at, what=f"ends as the unknown {step.ends_as}", remedy="Add it to outcomes")
        if step.permission not in PERMISSIONS.candidate:
            yield Problem(where=at, what=f"asks for the unknown permission {step.permission}", remedy="Declare it")
        moves += [(before, step.after) for before in step.before if step.after]
    for deadline in sorted({*type_.start} - deadlines):
        yield Problem(where=where, what=f"starts the unknown deadline {deadline}", remedy="Add it to deadlines")
    for state in unreachable((state.id for state in type_.states), type_.initial.id, moves):
        yield Problem(where=where, what=f"the state {state} cannot be reached", remedy="Add a transition or remove it")
    for place in type_.states:
        if not place.end and not type_.steps_from(place.id):
            yield Problem(
                where=where, what=f"nothing leads on from {place.id}", remedy="Add a transition or make it an end"
            )


@dataclass(frozen=True, kw_only=True)
class CaseSource:
    """How cases come in, as people say it.

    id: what cases carry as their source
    also: what else they may carry, as names of a sender in the town's settings
    numbered: its cases bring a number that people know (a work order, a letter); otherwise the number is the program's
        own, and is not shown.
    """

    id: str
    name: Text
    also: tuple[str, ...] = ()
    numbered: bool = False

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.id, *self.also)


CASE_TYPES: Registry[CaseType] = Registry(CaseType, label="case type", check=_check)
CASE_SOURCES: Registry[CaseSource] = Registry(CaseSource, label="source of cases")


def source_of(source: str) -> CaseSource:
    """What is declared of a source; one that nothing declares is shown as it is written."""
    known = next((one for one in CASE_SOURCES if source in one.ids), None)
    return known or CaseSource(id=source, name=source, numbered=True)
