"""Granting quotas, and the two phases of spending them: reserve, then post, let go or let expire."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger.actions.vouchers import BY_BUSINESS, drafted, posted_once, written
from zhen.kernel.ledger.faults import constraint_of, in_words
from zhen.kernel.ledger.models import Book, Dimensions, Quota, Reservation, Settlement, Voucher
from zhen.kernel.ledger.posting import Settling, look
from zhen.kernel.ledger.rules import Business, check
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused

EXPIRED = UUID("8c9c2f0a-5d4e-4a36-8c2b-3c1f4e7a9d02")
"""The namespace of the requests by which reservations expire: once, however many workers sweep."""


@action(None, asks=BY_BUSINESS)
def grant(
    actor: Actor,
    book: Book,
    *,
    kind: str,
    name: str,
    amount: int,
    dimensions: Dimensions | None = None,
    parent: Quota | None = None,
) -> Quota:
    """Grant a quota; one below another takes from what that one has left. Part of the action that decides it."""
    _positive(amount, zero=True)
    with in_words(Money(amount)):
        made = Quota.objects.create(
            book=book, kind=kind, name=name[:200], granted=amount, dimensions=dimensions, parent=parent
        )
    _tell("ledger.quota_granted", actor, made, amount)
    return made


@action(None, asks=BY_BUSINESS)
def adjust(actor: Actor, quota: Quota, *, by: int) -> Quota:
    """Raise or lower what is granted. Part of the action that decides it."""
    with in_words(Money(by)):
        if not Quota.objects.filter(pk=quota.pk).update(granted=F("granted") + by):
            raise Quota.DoesNotExist(quota.pk)
    quota.refresh_from_db()
    _tell("ledger.quota_adjusted", actor, quota, by)
    return quota


def reserve(
    actor: Actor, quota: Quota, amount: int, *, request: UUID, expires_at: datetime | None = None
) -> Reservation:
    """Hold an amount of a quota. Raises Refused where so much is not left; the same request is held once."""
    try:
        return _reserve(actor, quota, amount, request, expires_at)
    except IntegrityError as fault:
        if constraint_of(fault) != "ledger_reservation_request_key":
            raise
        return _same(Reservation.objects.get(request=request), quota, amount)


@action(None, asks=BY_BUSINESS)
def _reserve(actor: Actor, quota: Quota, amount: int, request: UUID, expires_at: datetime | None) -> Reservation:
    _positive(amount)
    now = clock.now()
    with in_words(Money(amount)):
        made = Reservation.objects.create(
            quota=quota, request=request, amount=amount, open=amount, made_at=now, expires_at=expires_at
        )
    _tell("ledger.reserved", actor, quota, amount)
    return made


def _same(found: Reservation, quota: Quota, amount: int) -> Reservation:
    if (found.quota_id, found.amount) != (quota.pk, amount):
        raise Refused(
            field=_("reservation"),
            value=Money(amount),
            reason=_("the same request asked for something else before"),
            remedy=_("Begin a new request"),
        )
    return found


def settle(actor: Actor, book: Book, parts: Sequence[tuple[int, int]], business: Business) -> Voucher:
    """Post reservations (id, amount), whole or in part: they become spent, with the voucher that books it. Once.

    Raises Outdated where so much is no longer held.
    """
    return posted_once(business.request, lambda: _settle(actor, book, sorted(parts), business))


@action(None, silent=True, asks=BY_BUSINESS)
def _settle(actor: Actor, book: Book, parts: Sequence[tuple[int, int]], business: Business) -> Voucher:
    draft = drafted(book, business)
    looked = look(book, draft.entries, [id for id, _amount in parts])
    for id, amount in parts:
        _positive(amount)
        if looked.held.get(id, (0, 0))[1] < amount:
            known = Voucher.objects.filter(request=business.request).first()
            if known is not None:
                return known
            raise Outdated(
                field=_("reservation"),
                value=Money(amount),
                reason=_("so much is no longer held"),
                remedy=_("Look at the reservation as it stands"),
            )
    settling = [
        Settling(reservation_id=id, amount=amount, request=uuid5(business.request, f"settle {id}"))
        for id, amount in parts
    ]
    check(draft.entries, looked.accounts)
    return written(actor, book, draft, looked, settling)


@action(None, silent=True, asks=BY_BUSINESS)
def let_go(actor: Actor, reservation: Reservation, *, amount: int | None = None, request: UUID) -> None:
    """Let go of a reservation, or of a part of it: so much of the quota is free again."""
    if Settlement.objects.filter(request=request).exists():
        return
    held = Reservation.objects.select_for_update().get(pk=reservation.pk)
    part = held.open if amount is None else amount
    if part <= 0:
        raise Outdated(
            field=_("reservation"),
            value=Money(held.amount),
            reason=_("nothing of it is held any more"),
            remedy=_("Look at the reservation as it stands"),
        )
    _let_go(actor, held, part, Settlement.Kind.VOID, request)


@action(None, silent=True, asks=BY_BUSINESS)
def expire(actor: Actor, *, most: int = 1000) -> int:
    """Let go of reservations whose time has run out. Returns how many."""
    rows = Reservation.objects.filter(open__gt=0, expires_at__lte=clock.now()).order_by("pk")
    due = list(rows.select_for_update(skip_locked=True, of=("self",))[:most])
    for held in due:
        _let_go(actor, held, held.open, Settlement.Kind.EXPIRE, uuid5(EXPIRED, str(held.request)))
    return len(due)


def _let_go(actor: Actor, held: Reservation, amount: int, kind: str, request: UUID) -> None:
    with in_words(Money(amount)):
        Settlement.objects.create(
            reservation_id=held.pk, kind=kind, amount=amount, request=request, made_at=clock.now()
        )
    _tell("ledger.let_go" if kind == Settlement.Kind.VOID else "ledger.expired", actor, held.quota, amount)


def _positive(amount: int, *, zero: bool = False) -> None:
    if amount < 0 or (amount == 0 and not zero):
        raise Refused(
            field=_("amount"),
            value=Money(amount),
            reason=_("it is not above zero"),
            remedy=_("Enter an amount above zero"),
        )


def _tell(kind: str, actor: Actor, quota: Quota, amount: int) -> None:
    journal.record(kind, by=actor, subject=quota, data={"quota": quota.name, "amount": str(Money(amount))})
