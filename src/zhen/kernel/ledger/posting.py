"""Writing a voucher with its lines and what it settles: one statement. Called by actions only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger.faults import in_words
from zhen.kernel.ledger.models import Account, Book, Settlement, Voucher
from zhen.kernel.ledger.rules import Entry, Known, check, month_of
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
WITH voucher AS (
    INSERT INTO ledger_voucher (id, period_id, number, date, kind, summary, event, source_type, source_id, reverses_id,
        request, made_by_id, made_by_name, checked_by_id, checked_by_name, posted_at, transaction)
    SELECT %(id)s, id, 0, %(date)s, %(kind)s, %(summary)s, %(event)s, %(source_type)s, %(source_id)s, %(reverses)s,
        %(request)s, %(made_by)s, %(made_by_name)s, %(checked_by)s, %(checked_by_name)s, %(now)s, 0
    FROM ledger_period WHERE book_id = %(book)s AND month = %(month)s
    RETURNING id, period_id, number
), lines AS (
    INSERT INTO ledger_line (voucher_id, position, account_id, dimensions_id, debit, credit)
    SELECT voucher.id, line.position, line.account, line.dimensions, line.debit, line.credit
    FROM voucher, unnest(%(accounts)s::bigint[], %(dimensions)s::bigint[], %(debits)s::bigint[], %(credits)s::bigint[])
        WITH ORDINALITY AS line (account, dimensions, debit, credit, position)
), settled AS (
    INSERT INTO ledger_settlement (reservation_id, kind, amount, voucher_id, request, made_at)
    SELECT part.reservation, part.kind, part.amount, voucher.id, part.request, %(now)s
    FROM voucher, unnest(%(reservations)s::bigint[], %(kinds)s::text[], %(amounts)s::bigint[], %(requests)s::uuid[])
        AS part (reservation, kind, amount, request)
)
SELECT period_id, number FROM voucher
"""


def accounts_of(chart: str, codes: Iterable[str]) -> dict[str, Known]:
    parts = Account.objects.filter(parent=OuterRef("pk"))
    rows = Account.objects.filter(chart=chart, code__in=set(codes)).values_list(
        "id", "code", "basis", "mirror", "closed_on", Exists(parts)
    )
    return {
        code: Known(id, code, basis, mirror, usable=closed_on is None and not has_parts)
        for id, code, basis, mirror, closed_on, has_parts in rows
    }


def next_id() -> int:
    """The id that the next voucher gets: what tells of it can be written before the voucher locks its month."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('ledger_voucher', 'id'))")
        return int(cursor.fetchone()[0])


def checked(book: Book, draft: Draft) -> dict[str, Known]:
    """The accounts of a draft that is right. Raises Refused."""
    accounts = accounts_of(book.chart, (entry.account for entry in draft.entries))
    check(draft.entries, accounts)
    return accounts


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
