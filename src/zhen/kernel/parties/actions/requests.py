"""Requests of people about their data, and legal holds."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.parties.models import Account, DataRequest, Hold, Person
from zhen.kernel.parties.scope import fetch

DECIDE = "parties.request.decide"
HOLD = "parties.retention.hold"
ANSWER_WITHIN = timedelta(days=30)
"""GB/T 35273-2020, 8.7 c: an answer within thirty days."""


@action(None)
def ask(actor: Actor, *, kind: str, text: str) -> DataRequest:
    """The signed-in person asks to see, correct or delete what is held about him."""
    if actor.user_id is None:
        raise Refused(
            field=_("Request"),
            value=kind,
            reason=_("comes from nobody we know"),
            remedy=_("Sign in, or go to a counter"),
        )
    account = Account.objects.filter(account_id=actor.user_id).select_related("person").first()
    return _ask(actor, account.person if account else None, actor.user_id, kind, text)


@action(DECIDE)
def ask_for(actor: Actor, key: object, *, kind: str, text: str) -> DataRequest:
    """A clerk records what a person asks for at the counter."""
    return _ask(actor, fetch(actor, DECIDE, Person.objects.all(), key), None, kind, text)


def _ask(actor: Actor, person: Person | None, account: int | None, kind: str, text: str) -> DataRequest:
    now = clock.now()
    words = text.strip()
    if kind not in DataRequest.Kind.values or not 1 <= len(words) <= 2000:
        raise Refused(
            field=_("Request"),
            value=kind,
            reason=_("has no kind, or not 1 to 2000 characters"),
            remedy=_("Choose what you ask for and say it in your own words"),
        )
    request = DataRequest.objects.create(
        person=person,
        account_id=account,
        kind=kind,
        text=words,
        made_at=now,
        due_on=now.astimezone(clock.TOWN_ZONE).date() + ANSWER_WITHIN,
    )
    journal.record(
        "parties.request.made",
        by=actor,
        subject=request,
        area=person.area_id if person else None,
        data={"kind": kind, "due_on": request.due_on.isoformat()},
    )
    return request


@action(DECIDE)
def decide(actor: Actor, key: object, *, outcome: str, answer: str) -> DataRequest:
    """Answer a request. A refusal or a part needs its reasons (PIPL, article 50)."""
    request = fetch(actor, DECIDE, DataRequest.objects.all(), key, lock=True)
    if request.outcome != DataRequest.Outcome.OPEN:
        raise Refused(
            field=_("Request"),
            value=request.get_outcome_display(),
            reason=_("is decided already"),
            remedy=_("Record a new request"),
        )
    if outcome not in DataRequest.Outcome.values or outcome == DataRequest.Outcome.OPEN:
        raise Refused(field=_("Outcome"), value=outcome, reason=_("is none"), remedy=_("Choose one from the list"))
    if outcome in (DataRequest.Outcome.REFUSED, DataRequest.Outcome.PARTLY) and not answer.strip():
        raise Refused(
            field=_("Answer"),
            value="",
            reason=_("is empty, but the person has a right to the reasons"),
            remedy=_("Write the reasons"),
        )
    request.outcome, request.answer, request.decided_at = outcome, answer.strip()[:2000], clock.now()
    request.save(update_fields=["outcome", "answer", "decided_at"])
    journal.record("parties.request.decided", by=actor, subject=request, data={"outcome": outcome})
    return request


@action(HOLD)
def hold(actor: Actor, key: object, *, reason: str, approved_by: str, valid_to: date | None = None) -> Hold:
    """Stop deletion of everything about a person, on the word of a court or an inquiry."""
    person = fetch(actor, HOLD, Person.objects.all(), key, lock=True)
    today = clock.today()
    if not reason.strip() or not approved_by.strip():
        raise Refused(
            field=_("Legal hold"),
            value="",
            reason=_("has no reason, or nobody who approved it"),
            remedy=_("Name the legal ground, and the office and document that ordered it"),
        )
    if valid_to is not None and valid_to <= today:
        raise Refused(
            field=_("to"), value=valid_to.isoformat(), reason=_("has passed"), remedy=_("Enter a day to come")
        )
    row = Hold.objects.create(
        person=person, reason=reason.strip(), approved_by=approved_by.strip(), valid_from=today, valid_to=valid_to
    )
    journal.record("parties.hold.set", by=actor, subject=person, area=person.area_id, data={"hold": str(row.pk)})
    return row


@action(HOLD)
def release(actor: Actor, hold_key: object) -> Hold:
    """The hold ends today; one that was set today leaves no day."""
    row = fetch(actor, HOLD, Hold.objects.select_related("person"), hold_key, lock=True)
    today = clock.today()
    row.valid_to = max(today, row.valid_from + timedelta(days=1))
    row.save(update_fields=["valid_to"])
    journal.record("parties.hold.released", by=actor, subject=row.person, data={"hold": str(row.pk)})
    return row
