"""Noticing that clocks run out: warned before, told at the moment, reminded and escalated after.

The worker looks every minute. Was it down for an hour, a breach still bears its true moment: it is read off the
clock, not off the wall. Each step of a clock happens once, with two workers as with one: cases are locked, and those
that somebody else holds are left for the next minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases import clocks, warnings
from zhen.kernel.cases.actions.common import tell as record
from zhen.kernel.cases.declarations import CASE_TYPES
from zhen.kernel.cases.models import Case, Clock, TimeLimit
from zhen.kernel.cases.rulebook import rulebook, rulebook_of_operation
from zhen.kernel.cases.search.source import url_of
from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib import clock as wall
from zhen.kernel.notify.api import MessageTemplate, tell

SYSTEM = Actor.system(gettext_noop("deadlines"))
AT_ONCE = 200
ROUNDS = 500

_FIELDS = ("number", "title", "deadline", "due", "url")
MESSAGES = (
    MessageTemplate(
        id="cases.due_soon",
        name=_("a case is due soon"),
        subject=_("Due soon: {number}"),
        body=_("“{deadline}” of {number} “{title}” is due at {due}. {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="cases.overdue",
        name=_("a case is overdue"),
        subject=_("Overdue: {number}"),
        body=_("“{deadline}” of {number} “{title}” ran out at {due}. {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="cases.reminded",
        name=_("a case is still overdue"),
        subject=_("Still overdue: {number}"),
        body=_("“{deadline}” of {number} “{title}” ran out at {due} and is still open. {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="cases.escalated",
        name=_("an overdue case is escalated"),
        subject=_("Escalated: {number}"),
        body=_("“{deadline}” of {number} “{title}” ran out at {due}, and nothing happened since. {url}"),
        fields=_FIELDS,
    ),
)
EVENTS = (
    EventKind(id="cases.warned", text=_("warned that “{deadline}” of {number} is due soon")),
    EventKind(id="cases.reminded", text=_("reminded that “{deadline}” of {number} is still overdue")),
    EventKind(id="cases.escalated", text=_("escalated {number}: “{deadline}” ran out, and it is still open")),
)


def sweep() -> None:
    """Take every step that is due now. What a round leaves over, the next one takes."""
    for _round in range(ROUNDS):
        if not take_steps(SYSTEM, wall.now()):
            return


@action(None, silent=True)
def take_steps(actor: Actor, now: datetime) -> int:
    """One batch, the longest due first; gives how many steps were taken."""
    due = Clock.objects.filter(next_step_at__lte=now).order_by("next_step_at")
    wanted = set(due.values_list("case_id", flat=True)[:AT_ONCE])
    cases = list(Case.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=wanted).order_by("pk"))
    rows: dict[int, list[Clock]] = {}
    by_id = {case.pk: case for case in cases}
    for row in Clock.objects.filter(case__in=cases, stopped_at__isnull=True).order_by("pk"):
        row.case = by_id[row.case_id]
        rows.setdefault(row.case_id, []).append(row)
    rulebook()
    people = _People(cases, now)
    changed: list[Clock] = []
    for case in cases:
        for row in rows.get(case.pk, ()):
            while row.next_step_at is not None and row.next_step_at <= now:
                _take(actor, case, row, people)
                changed.append(row)
        clocks.settle(case, rows.get(case.pk, ()))
    clocks.save(list({row.pk: row for row in changed}.values()))
    Case.objects.bulk_update(cases, ["due_at", "due_provisional", "overdue_at"])
    return len(changed)


def _take(actor: Actor, case: Case, row: Clock, people: _People) -> None:
    """The next step of one clock."""
    type_, book = CASE_TYPES[case.type], rulebook_of_operation()
    plan = warnings.plan_for(book, row)
    decided: list[dict[str, object]] = []
    if row.breached_at is None and row.due_at is not None and row.next_step_at == row.due_at:
        row.breached_at, row.steps = row.due_at, warnings.BREACHED
        kind, template, told = "cases.breached", "cases.overdue", people.heads(case)
        decided = clocks.ran_out(type_, row)
    elif row.breached_at is None:
        row.steps = warnings.WARNED
        kind, template, told = "cases.warned", "cases.due_soon", people.hands(case)
    else:
        after = plan.after(row.steps - warnings.BREACHED)
        assert after is not None, "a clock has a next step only where its plan has one"
        row.steps += 1
        if after.escalates:
            kind, template, told = "cases.escalated", "cases.escalated", people.above(case, plan.to)
        else:
            kind, template, told = "cases.reminded", "cases.reminded", people.heads(case)
    row.next_step_at = clocks.next_step(row, book)
    record(kind, actor, case, deadline=row.deadline, due=row.due_at and row.due_at.isoformat(), decided=decided)
    local = row.due_at.astimezone(wall.TOWN_ZONE) if row.due_at else None
    tell(
        template,
        told,
        values={
            "number": case.number,
            "title": case.title,
            "deadline": str(type_.deadline(row.deadline).name),
            "due": f"{local:%Y-%m-%d %H:%M}" if local else "",
            "url": url_of(case),
        },
        about=case,
        url=url_of(case),
        key=f"{template}:{row.pk}:{row.steps}",
    )


class _People:
    """Who is told, read once for a batch."""

    def __init__(self, cases: Sequence[Case], now: datetime) -> None:
        units = {case.unit_id for case in cases if case.unit_id is not None}
        posts = posts_on(now.astimezone(wall.TOWN_ZONE).date()).select_related("user")
        wanted = Q(unit_id__in=units, role__in=("unit_head", "unit_clerk")) | Q(role__in=("dispatcher", "town_leader"))
        self._posts = list(posts.filter(wanted)) if cases else []
        named = {case.person_id for case in cases if case.person_id is not None}
        self._persons = User.objects.in_bulk(named)

    def hands(self, case: Case) -> list[User]:
        """Whoever has it: the person, or else the unit's clerks and heads."""
        if case.person_id in self._persons:
            return [self._persons[case.person_id]]
        return self._of(case.unit_id, ("unit_head", "unit_clerk")) or self.centre()

    def heads(self, case: Case) -> list[User]:
        persons = [self._persons[case.person_id]] if case.person_id in self._persons else []
        return _once([*persons, *self._of(case.unit_id, ("unit_head",))]) or self.hands(case)

    def above(self, case: Case, role: str) -> list[User]:
        """To whom it is escalated; to the operations centre where nobody has that role."""
        if role == TimeLimit.Above.UNIT_HEAD:
            return self._of(case.unit_id, ("unit_head",)) or self.centre()
        return _once(post.user for post in self._posts if post.role == role) or self.centre()

    def centre(self) -> list[User]:
        return _once(post.user for post in self._posts if post.role == "dispatcher")

    def _of(self, unit_id: int | None, roles: Sequence[str]) -> list[User]:
        return _once(post.user for post in self._posts if post.unit_id == unit_id and post.role in roles)


def _once(people: Iterable[User]) -> list[User]:
    return list({user.pk: user for user in people}.values())


JOBS = (Job(id="cases.sweep", name=_("Notice what runs out"), run=sweep, every="* * * * *"),)
ITEMS = (*EVENTS, *MESSAGES, *JOBS)
