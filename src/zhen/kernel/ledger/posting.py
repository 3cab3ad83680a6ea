"""Writing a voucher with its lines and what it settles: one statement. Called by actions only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger.faults import in_words
from zhen.kernel.ledger.models import Book, Settlement, Voucher
from zhen.kernel.ledger.rules import Entry, Known, month_of
from zhen.kernel.lib.refusals import Refused


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A voucher before it is posted."""

    date: date
    summary: str
    entries: Sequence[Entry]
    request: UUID
    kind: str = Voucher.Kind.NORMAL
    event: str = ""
    source: tuple[str, object] = ("", "")
    reverses_id: int | None = None
    checked_by: tuple[int | None, str] = (None, "")
    by_itself: bool = False
    """It follows from a paper: nobody prepared it."""


@dataclass(frozen=True, kw_only=True)
class Settling:
    """What a voucher does to a reservation."""

    reservation_id: int
    amount: int
    request: UUID
    kind: str = Settlement.Kind.POST


POST = """
SELECT period, given FROM ledger_post(%(id)s, %(book)s, %(month)s::integer, %(date)s, %(kind)s, %(summary)s, %(event)s,
    %(source_type)s, %(source_id)s, %(reverses)s, %(request)s, %(made_by)s, %(made_by_name)s, %(checked_by)s,
    %(checked_by_name)s, %(now)s, %(accounts)s::bigint[], %(dimensions)s::bigint[], %(debits)s::bigint[],
    %(credits)s::bigint[], %(reservations)s::bigint[], %(kinds)s::text[], %(amounts)s::bigint[], %(requests)s::uuid[])
"""
LOOK = "SELECT voucher, accounts, held FROM ledger_look(%s, %s, %s::text[], %s::bigint[])"


@dataclass(frozen=True, kw_only=True)
class Looked:
    """What a voucher needs to know: its own id, its accounts, and what is open of the reservations, which are locked.

    The id is known before the voucher is written, so that what tells of it does not wait for its month.
    """

    id: int
    accounts: Mapping[str, Known]
    held: Mapping[int, tuple[int, int]]
    """By reservation: its quota, and what is open of it."""


def look(book: Book, entries: Iterable[Entry], reservations: Sequence[int] = ()) -> Looked:
    codes = sorted({entry.account for entry in entries})
    with connection.cursor() as cursor:
        cursor.execute(LOOK, [book.pk, book.chart, codes, list(reservations)])
        id, accounts, held = cursor.fetchone()
    return Looked(
        id=id,
        accounts={
            code: Known(account, code, basis, mirror, usable)
            for code, (account, basis, mirror, usable) in _object(accounts).items()
        },
        held={int(key): (quota, left) for key, (quota, left) in _object(held).items()},
    )


def _object(value: Any) -> dict[str, Any]:
    """A JSON object as the driver hands it over: Django asks for it as text."""
    found = json.loads(value) if isinstance(value, str) else value
    return found or {}


def post(
    actor: Actor,
    book: Book,
    draft: Draft,
    accounts: Mapping[str, Known],
    *,
    id: int,
    now: datetime,
    settling: Sequence[Settling] = (),
) -> Voucher:
    """Write a voucher: the last statement of its transaction, since others wait for the number after it.

    Raises Refused; IntegrityError where the request is posted already.
    """
    made_by = (None, "") if draft.by_itself else (actor.user_id, actor.name)
    kind = Voucher.Kind(draft.kind)
    values: dict[str, Any] = {
        "id": id,
        "book": book.pk,
        "month": month_of(draft.date, opening=kind is Voucher.Kind.OPENING, closing=kind is Voucher.Kind.CLOSING),
        "date": draft.date,
        "kind": kind.value,
        "summary": draft.summary[:200],
        "event": draft.event,
        "source_type": draft.source[0],
        "source_id": str(draft.source[1]),
        "reverses": draft.reverses_id,
        "request": draft.request,
        "made_by": made_by[0],
        "made_by_name": made_by[1],
        "checked_by": draft.checked_by[0],
        "checked_by_name": draft.checked_by[1],
        "now": now,
        "accounts": [accounts[entry.account].id for entry in draft.entries],
        "dimensions": [entry.dimensions_id for entry in draft.entries],
        "debits": [entry.debit for entry in draft.entries],
        "credits": [entry.credit for entry in draft.entries],
        "reservations": [part.reservation_id for part in settling],
        "kinds": [str(part.kind) for part in settling],
        "amounts": [part.amount for part in settling],
        "requests": [part.request for part in settling],
    }
    with in_words(draft.date), connection.cursor() as cursor:
        cursor.execute(POST, values)
        row = cursor.fetchone()
    if row is None:
        raise Refused(
            field=_("date"),
            value=draft.date,
            reason=_("it does not lie in the year of the books"),
            remedy=_("Choose the books of that year"),
        )
    period_id, number = row
    return Voucher(
        id=id,
        period_id=period_id,
        number=number,
        date=draft.date,
        kind=kind,
        summary=values["summary"],
        event=draft.event,
        source_type=draft.source[0],
        source_id=str(draft.source[1]),
        reverses_id=draft.reverses_id,
        request=draft.request,
        made_by_id=made_by[0],
        made_by_name=made_by[1],
        posted_at=now,
    )
