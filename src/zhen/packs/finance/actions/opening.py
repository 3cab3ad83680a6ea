"""Opening balances from a file: read and shown first, then brought forward in one voucher, once for each book."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import tables
from zhen.kernel.lib.numbers import Money, Unreadable
from zhen.kernel.lib.refusals import Outdated, Refused, Text

OPENINGS = UUID("b6a0f5c4-0d1e-4a9b-8f27-5d3c9e1a7b09")
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("科目代码", "科目编码", "科目", "code"),
    "debit": ("借方余额", "期初借方", "借方", "debit"),
    "credit": ("贷方余额", "期初贷方", "贷方", "credit"),
}


def read(book: ledger.Book, data: bytes, file_name: str) -> list[ledger.Entry]:
    """The entries that a table of balances comes to. Raises Refused with the row that is wrong. Writes nothing."""
    heading, *rows = tables.read(data, file_name=file_name) or [[]]
    names = [str(cell or "").strip().lower() for cell in heading]
    columns = {key: next((names.index(word) for word in words if word in names), -1) for key, words in HEADINGS.items()}
    if -1 in columns.values():
        raise _refused(1, "、".join(names), _("it has no columns 科目代码, 借方余额 and 贷方余额"))
    known = set(ledger.Account.objects.filter(chart=book.chart, parts=None).values_list("code", flat=True))
    entries: list[ledger.Entry] = []
    for number, row in enumerate(rows, 2):
        code, debit, credit = (_text(row, columns[key]) for key in ("code", "debit", "credit"))
        if not code:
            continue
        if code not in known or code in {entry.account for entry in entries}:
            raise _refused(number, code, _("there is no such account without sub-accounts, or it stands there twice"))
        entry = ledger.Entry(account=code, debit=_fen(debit, number), credit=_fen(credit, number))
        if entry.debit and entry.credit:
            raise _refused(number, code, _("it has a balance on both sides"))
        if entry.debit or entry.credit:
            entries.append(entry)
    if not entries:
        raise _refused(2, "", _("it has no balances"))
    return entries


def take_over(actor: Actor, book: ledger.Book, entries: Sequence[ledger.Entry]) -> ledger.Voucher:
    """Bring the balances forward. Both bases balance, or it is refused; once for a book."""
    other = ledger.Voucher.objects.filter(period__book=book, kind=ledger.Voucher.Kind.OPENING).first()
    if other is not None:
        raise Outdated(
            field=_("books"),
            value=book,
            reason=_("balances were brought forward already"),
            remedy=_("Look at the voucher %(voucher)s") % {"voucher": other},
        )
    return ledger.bring_forward(actor, book, entries, request=uuid5(OPENINGS, str(book.pk)))


def _text(row: Sequence[Any], column: int) -> str:
    value = row[column] if column < len(row) else None
    return f"{value:.2f}" if isinstance(value, float) else "" if value is None else str(value).strip()


def _fen(text: str, number: int) -> int:
    try:
        return Money.parse(text[:30]).fen if text else 0
    except Unreadable as fault:
        raise _refused(number, text[:30], _("it is no amount")) from fault


def _refused(row: int, value: str, reason: Text) -> Refused:
    return Refused(
        field=_("opening balances, row %(row)s") % {"row": row},
        value=value,
        reason=reason,
        remedy=_("Mend the table and read it anew"),
    )
