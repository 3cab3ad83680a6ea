"""The whole way of a payment: account, voucher, paper, invoices, signatures, journal, seal; on a page and on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import translation
from django.utils.timezone import localtime

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.typesetting import typeset
from zhen.packs.finance.control import queries, rights
from zhen.packs.finance.control.models import Cover, Step
from zhen.packs.finance.control.signing import role_name
from zhen.packs.finance.models import Invoice, Payment
from zhen.packs.finance.queries import invoices, one, payments

PAYMENT = "finance.payment"
MOST_EVENTS = 200


@dataclass(frozen=True, kw_only=True)
class Posted:
    """A line of a voucher of the payment: where it stands in the statements."""

    line: ledger.Line
    voucher: ledger.Voucher

    @property
    def account_url(self) -> str:
        return f"/desk/finance/accounts/{self.voucher.period.book_id}-{self.line.account.code}/"

    @property
    def voucher_url(self) -> str:
        return f"/desk/finance/vouchers/{self.voucher.pk}/"


@dataclass(frozen=True, kw_only=True)
class Sealed:
    """An event of the journal with the seal that covers it, if there is one yet."""

    entry: journal.Entry
    seal: journal.Seal | None

    @property
    def key(self) -> str:
        return str(self.entry.event)


def payment_for(actor: Actor, key: str) -> Payment:
    actor.require(rights.AUDIT)
    return one(payments(actor), key)


def traceable(actor: Actor) -> QuerySet[Payment]:
    """Payments that have been made: they stand in the statements."""
    actor.require(rights.AUDIT)
    return payments(actor).filter(state=Payment.State.PAID)


def posted(actor: Actor, payment: Payment) -> list[Posted]:
    lines = Prefetch("lines", ledger.Line.objects.select_related("account").order_by("position"))
    vouchers = ledger.vouchers_of(actor, (PAYMENT, payment.pk)).prefetch_related(lines)
    return [Posted(line=line, voucher=voucher) for voucher in vouchers for line in voucher.lines.all()]


def events(actor: Actor, payment: Payment) -> list[Sealed]:
    """What the journal tells of the payment and of its vouchers, the oldest first, each with its seal."""
    actor.require(rights.AUDIT)
    found = list(journal.events_about(payment).exclude(kind=journal.READ)[:MOST_EVENTS])
    for key in ledger.vouchers_of(actor, (PAYMENT, payment.pk)).values_list("pk", flat=True):
        found += journal.events_about(("ledger.voucher", key))[:MOST_EVENTS]
    found.sort(key=lambda event: (event.transaction, event.id))
    return [
        Sealed(entry=journal.entry(event), seal=seal) for event, seal in zip(found, _seals(actor, found), strict=True)
    ]


def _seals(actor: Actor, found: Sequence[journal.Event]) -> list[journal.Seal | None]:
    if not found:
        return []
    seals = list(
        restrict(actor, rights.AUDIT, journal.Seal.objects.filter(last_transaction__gte=found[0].transaction))
        .defer("leaves")
        .order_by("number")
    )
    return [
        next(
            (seal for seal in seals if (seal.last_transaction, seal.last_event) >= (event.transaction, event.id)), None
        )
        for event in found
    ]


def as_pdf(actor: Actor, payment: Payment) -> bytes:
    """The trace on A4, always in Chinese: an official paper."""
    with translation.override("zh-hans"):
        return typeset(Path(__file__).with_name("trace.typ"), _content(actor, payment))


def _content(actor: Actor, payment: Payment) -> dict[str, Any]:
    cover = queries.cover_of(actor, payment)
    return {
        "title": "付款全程追溯单",
        "number": str(payment),
        "printed": f"{localtime(clock.now()):%Y年%-m月%-d日 %H:%M}　{actor.name}",
        "facts": [[label, value] for label, value in _facts(payment, cover) if value],
        "sections": [
            _section("一、账簿与凭证", ["凭证", "科目", "借方", "贷方"], 1, _booked(posted(actor, payment))),
            _section("二、发票", ["发票号码", "开票日期", "金额"], 0, _invoices(invoices(actor, payment))),
            _section("三、签批", ["步骤", "签批岗位", "签批人", "时间"], 1, _signed(queries.steps_of(actor, payment))),
            _section("四、操作日志与封存", ["时间", "操作人", "事项", "封存"], 2, _told(events(actor, payment))),
        ],
        "none": "无",
    }


def _section(title: str, heads: list[str], wide: int, lines: list[list[str]]) -> dict[str, Any]:
    """A table of the paper; `wide` is the column that takes the width that is left."""
    return {"title": title, "heads": heads, "wide": wide, "rows": lines}


def _facts(payment: Payment, cover: Cover | None) -> list[tuple[str, str]]:
    return [
        ("用途", payment.purpose),
        ("金额", str(Money(payment.amount))),
        ("收款人", f"{payment.payee}　{payment.payee_bank} {payment.payee_account}".strip()),
        ("科室", payment.line.unit.name),
        ("预算项目", str(payment.line)),
        ("状态", str(payment.get_state_display())),
        ("申请人", _who(payment.asked_by)),
        ("批准人", _who(payment.approved_by)),
        ("付款人", _who(payment.paid_by)),
        ("付款日期", f"{payment.paid_on:%Y年%-m月%-d日}" if payment.paid_on else ""),
        ("银行回单号", payment.bank_reference),
        ("集体决策", f"{cover.resolution.number}（{cover.resolution.meeting}）" if cover else ""),
    ]


def _who(user: Any) -> str:
    return str(user) if user else ""


def _booked(found: Sequence[Posted]) -> list[list[str]]:
    return [[str(one.voucher), str(one.line.account), _money(one.line.debit), _money(one.line.credit)] for one in found]


def _invoices(found: QuerySet[Invoice]) -> list[list[str]]:
    return [[str(one), f"{one.dated:%Y-%m-%d}", str(Money(one.amount))] for one in found]


def _signed(found: QuerySet[Step]) -> list[list[str]]:
    return [
        [
            str(one.position),
            role_name(one.role),
            _who(one.signed_by),
            f"{localtime(one.signed_at):%Y-%m-%d %H:%M}" if one.signed_at else "",
        ]
        for one in found
    ]


def _told(found: Sequence[Sealed]) -> list[list[str]]:
    return [
        [
            f"{localtime(one.entry.at):%Y-%m-%d %H:%M}",
            one.entry.actor,
            one.entry.text,
            f"第{one.seal.number}号 {bytes(one.seal.hash).hex()[:16]}" if one.seal else "尚未封存",
        ]
        for one in found
    ]


def _money(fen: int) -> str:
    return str(Money(fen)) if fen else ""
