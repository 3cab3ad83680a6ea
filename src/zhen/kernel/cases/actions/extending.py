"""More time for a deadline, and the whole of it again.

An extension is asked for by one person and decided by another (Regulations on petitions, article 34: with approval,
and with the reason told). A restart is what some laws order, such as when an application had to be corrected
(Regulations on open government, article 30).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Reach, action, permissions_of
from zhen.kernel.cases import clocks
from zhen.kernel.cases.actions.common import locked, tell, touch
from zhen.kernel.cases.declarations import CASE_TYPES, CaseType
from zhen.kernel.cases.models import Case, Clock, Extension
from zhen.kernel.cases.rulebook import rulebook
from zhen.kernel.cases.search.source import url_of
from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.lib.deadlines import api as deadlines
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.notify import api as notify

Answer = Extension.Answer
_FIELDS = ("number", "title", "deadline", "amount", "reason", "url")
MESSAGES = (
    notify.MessageTemplate(
        id="cases.extension_asked",
        name=_("more time is asked for"),
        subject=_("More time is asked for: {number}"),
        body=_("“{deadline}” of {number} “{title}”: {amount} more, because {reason}. {url}"),
        fields=_FIELDS,
    ),
    notify.MessageTemplate(
        id="cases.extension_approved",
        name=_("more time is granted"),
        subject=_("More time is granted: {number}"),
        body=_("“{deadline}” of {number} “{title}” is extended by {amount}. {reason} {url}"),
        fields=_FIELDS,
    ),
    notify.MessageTemplate(
        id="cases.extension_refused",
        name=_("more time is refused"),
        subject=_("More time is refused: {number}"),
        body=_("“{deadline}” of {number} “{title}” is not extended: {reason}. {url}"),
        fields=_FIELDS,
    ),
)


@action(None, asks="comment")
def ask_extension(actor: Actor, case_id: int, revision: int, deadline: str, amount: int, reason: str) -> Extension:
    """Ask for more time on a running deadline, in its own unit. Nothing moves until somebody else approves it."""
    case, type_ = locked(actor, "comment", case_id, revision)
    reason, now = _given(reason), clock.now()
    row = _running(clocks.running(case), deadline, now)
    deadlines.extend(clocks.value_of(row), amount)  # once, and within bounds
    if Extension.objects.filter(clock=row, answer=Answer.OPEN).exists():
        raise Outdated(
            field=_("deadline"),
            value=type_.deadline(deadline).name,
            reason=_("more time was asked for already"),
            remedy=_("Wait for the decision"),
        )
    made = Extension.objects.create(
        case=case,
        clock=row,
        amount=amount,
        reason=reason,
        asked_by_id=actor.user_id,
        asked_at=now,
        answer=Answer.OPEN,
    )
    touch(case, now)
    tell("cases.extension_asked", actor, case, deadline=deadline, amount=amount, reason=reason)
    people = [user for user in _deciders(case, type_, now) if user.pk != actor.user_id]
    _notify("cases.extension_asked", people, case, made, reason)
    return made


@action(None, asks="extend")
def decide_extension(
    actor: Actor, case_id: int, revision: int, deadline: str, *, approve: bool, note: str = ""
) -> Case:
    """Decide what somebody else has asked for. A refusal says why; an approval comes before the time has run out."""
    case, _type = locked(actor, "extend", case_id, revision)
    now, rows = clock.now(), clocks.running(case)
    asked = Extension.objects.select_for_update(of=("self",)).select_related("asked_by")
    request = asked.filter(clock__in=rows, clock__deadline=deadline, answer=Answer.OPEN).first()
    if request is None:
        raise Outdated(
            field=_("deadline"),
            value=deadline,
            reason=_("nobody asks for more time on it"),
            remedy=_("Look at it as it stands now"),
        )
    if actor.kind is not ActorKind.SYSTEM and request.asked_by_id == actor.user_id:
        raise Refused(
            field=_("extension"),
            value=case.number,
            reason=_("you have asked for it yourself"),
            remedy=_("Ask a colleague to decide"),
        )
    reason = note.strip()[:300] if approve else _given(note)
    request.answer = Answer.APPROVED if approve else Answer.REFUSED
    request.note, request.decided_by_id, request.decided_at = reason, actor.user_id, now
    request.save(update_fields=["answer", "note", "decided_by", "decided_at"])
    if approve:
        row = _running(rows, deadline, now)
        row.extension = deadlines.extend(clocks.value_of(row), request.amount).extension
        row.extension_reason = request.reason
        _settle(case, rows, [row])
    touch(case, now, "due_at", "due_provisional", "overdue_at")
    kind = "cases.extended" if approve else "cases.extension_refused"
    tell(
        kind,
        actor,
        case,
        deadline=deadline,
        amount=request.amount,
        reason=request.reason if approve else reason,
        note=reason if approve else None,
        due=_due(rows, deadline) if approve else None,
    )
    told = [request.asked_by] if request.asked_by else []
    _notify("cases.extension_approved" if approve else kind, told, case, request, reason)
    return case


@action(None, asks="extend")
def restart(actor: Actor, case_id: int, revision: int, deadline: str, reason: str) -> Case:
    """Run the whole limit again from now, as the law orders it. What ran before stays on record as a stopped clock."""
    case, _type = locked(actor, "extend", case_id, revision)
    reason, now = _given(reason), clock.now()
    rows = clocks.running(case)
    row = _running(rows, deadline, now)
    row.stopped_at, row.next_step_at = now, None
    again = deadlines.restart(clocks.value_of(row), now)
    new = Clock(
        case=case,
        deadline=deadline,
        amount=again.limit.amount,
        unit=again.limit.unit.value,
        moves=again.limit.moves,
        started_at=again.started_at,
    )
    clocks.save([row])
    Extension.objects.filter(clock=row, answer=Answer.OPEN).update(
        answer=Answer.REFUSED, note=reason, decided_at=now, decided_by=None
    )
    _settle(case, [*rows, new], [new])
    touch(case, now, "due_at", "due_provisional", "overdue_at")
    tell("cases.restarted", actor, case, deadline=deadline, reason=reason, due=new.due_at and new.due_at.isoformat())
    return case


def asked_extensions(case: Case) -> list[Extension]:
    """What waits for a decision on a case that the actor has been given."""
    rows = Extension.objects.filter(case=case, clock__stopped_at__isnull=True, answer=Answer.OPEN)
    return list(rows.select_related("clock", "asked_by").order_by("pk"))


def _given(reason: str) -> str:
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("it is missing"), remedy=_("Say why"))
    return reason.strip()[:300]


def _running(rows: Iterable[Clock], deadline: str, now: datetime) -> Clock:
    row = next((row for row in rows if row.deadline == deadline and row.running), None)
    if row is None:
        raise Refused(
            field=_("deadline"), value=deadline, reason=_("it is not running"), remedy=_("Choose a deadline that runs")
        )
    if row.breached_at is not None or (row.due_at is not None and row.due_at <= now):
        raise Refused(
            field=_("deadline"),
            value=deadline,
            reason=_("it has passed already"),
            remedy=_("Ask before the time runs out; now close the case and say why it was late"),
        )
    return row


def _settle(case: Case, rows: list[Clock], changed: list[Clock]) -> None:
    book = rulebook()
    for row in changed:
        clocks.reckon(row, book)
    clocks.save(changed)
    clocks.settle(case, rows)


def _due(rows: Iterable[Clock], deadline: str) -> str | None:
    return next((row.due_at.isoformat() for row in rows if row.deadline == deadline and row.due_at), None)


def _deciders(case: Case, type_: CaseType, now: datetime) -> list[User]:
    """Who may decide: those with the right in the case's units or in the whole town."""
    roles = {role.id: role for role in ROLES if type_.powers.extend in permissions_of(role)}
    posts = posts_on(now.astimezone(clock.TOWN_ZONE).date()).filter(role__in=roles, user__is_active=True)
    units = {case.unit_id, *case.shared_units}
    reached = [
        post for post in posts.select_related("user") if roles[post.role].reach is Reach.TOWN or post.unit_id in units
    ]
    return list({post.user_id: post.user for post in reached}.values())


def _notify(template: str, people: Iterable[User], case: Case, request: Extension, reason: str) -> None:
    type_ = CASE_TYPES[case.type]
    notify.tell(
        template,
        people,
        values={
            "number": case.number,
            "title": case.title,
            "deadline": str(type_.deadline(request.clock.deadline).name),
            "amount": str(request.amount),
            "reason": reason,
            "url": url_of(case),
        },
        about=case,
        url=url_of(case),
        key=f"{template}:{request.pk}",
    )
