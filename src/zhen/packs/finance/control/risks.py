"""Risk rules: each looks at one payment and what lies around it, with numbers that hold on the day.

They look at papers and organisations. No rule scores, ranks or profiles a person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import rulebook
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Text
from zhen.packs.finance.control.models import ApprovalRow, PaperKind
from zhen.packs.finance.control.rules import holds
from zhen.packs.finance.models import Payment
from zhen.packs.finance.procurement.models import Supplier

ASKED, PAID = "finance.payment_asked", "finance.payment_paid"
DECEMBER = 12
Numbers = Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a rule has found: the payment that stands for it, all that it rests on, and the sentence that says so."""

    payment: Payment
    papers: Sequence[Payment]
    says: str


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number of a rule: money in fen, days, or per cent. `usual` is what the form offers, not what holds."""

    id: str
    name: Text
    unit: str
    usual: int


@dataclass(frozen=True, kw_only=True)
class Risk:
    """A rule that runs when something happens to a payment: `look(payment, day, numbers)`."""

    id: str
    name: Text
    area: str
    about: Text
    event: str
    numbers: tuple[Number, ...]
    look: Callable[[Payment, date, Numbers], Found | None]


def _alive() -> QuerySet[Payment]:
    gone = (Payment.State.REFUSED, Payment.State.WITHDRAWN)
    return Payment.objects.exclude(state__in=gone)


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.TOWN_ZONE)


def split(payment: Payment, day: date, numbers: Numbers) -> Found | None:
    """Several payments below the limit to one payee in few days that together reach it."""
    since = _start(day - timedelta(days=numbers["days"] - 1))
    group = list(
        _alive()
        .filter(
            payee=payment.payee, line__unit=payment.line.unit_id, amount__lt=numbers["limit"], asked_at__gte=since,
            asked_at__lte=payment.asked_at,
        )
        .exclude(payee_account="")
        .order_by("asked_at", "pk")
    )  # fmt: skip
    total = sum(one.amount for one in group)
    if payment.amount >= numbers["limit"] or len(group) < 2 or total < numbers["limit"]:
        return None
    says = _("%(count)s payments to %(payee)s within %(days)s days come to %(total)s; the limit is %(limit)s") % {
        "count": len(group),
        "payee": payment.payee,
        "days": numbers["days"],
        "total": Money(total),
        "limit": Money(numbers["limit"]),
    }
    return Found(payment=group[0], papers=group, says=says)


def round_sum(payment: Payment, _day: date, numbers: Numbers) -> Found | None:
    """A large amount without odd yuan."""
    if payment.amount < numbers["from"] or payment.amount % numbers["multiple"]:
        return None
    says = _("%(amount)s is a round sum: a multiple of %(multiple)s") % {
        "amount": Money(payment.amount),
        "multiple": Money(numbers["multiple"]),
    }
    return Found(payment=payment, papers=[payment], says=says)


def day_off(payment: Payment, _day: date, numbers: Numbers) -> Found | None:
    """Paid on a day on which nobody works, by the town's calendar."""
    if payment.paid_on is None or payment.amount < numbers["from"]:
        return None
    table = rulebook().calendar.workdays
    covered = table.first <= payment.paid_on <= table.last
    if table.is_worked(payment.paid_on) if covered else payment.paid_on.weekday() < 5:
        return None
    says = _("%(amount)s was paid on %(day)s, a day off") % {"amount": Money(payment.amount), "day": payment.paid_on}
    return Found(payment=payment, papers=[payment], says=says)


def shared_account(payment: Payment, day: date, numbers: Numbers) -> Found | None:
    """Payees of different names that are paid to one account."""
    since = _start(day - timedelta(days=numbers["days"]))
    if not payment.payee_account:
        return None
    earlier = _alive().filter(pk__lt=payment.pk, payee_account=payment.payee_account, asked_at__gte=since)
    others = earlier.exclude(payee=payment.payee)
    other = others.order_by("-asked_at", "-pk").first()
    if other is None:
        return None
    says = _("%(payee)s and %(other)s are paid to one account") % {"payee": payment.payee, "other": other.payee}
    return Found(payment=payment, papers=[other, payment], says=says)


def shared_address(payment: Payment, day: date, numbers: Numbers) -> Found | None:
    """Suppliers of different names that are registered at one address, and are both paid."""
    on_file = Supplier.objects.exclude(address="").select_related("organisation")
    at = {
        written(one.address) for one in on_file.filter(account=payment.payee_account, organisation__name=payment.payee)
    }
    if not at:
        return None
    neighbours = [one for one in on_file.exclude(account=payment.payee_account) if written(one.address) in at]
    names = [one.organisation.name for one in neighbours if one.organisation.name != payment.payee]
    since = _start(day - timedelta(days=numbers["days"]))
    earlier = _alive().filter(pk__lt=payment.pk, payee__in=names, asked_at__gte=since)
    other = earlier.order_by("-asked_at", "-pk").first()
    if other is None:
        return None
    says = _("%(payee)s and %(other)s are registered at one address") % {"payee": payment.payee, "other": other.payee}
    return Found(payment=payment, papers=[other, payment], says=says)


def written(address: str) -> str:
    """An address without what two clerks write differently: spaces, punctuation, wide and small letters."""
    text = unicodedata.normalize("NFKC", address).casefold()
    return "".join(letter for letter in text if letter.isalnum())


def december(payment: Payment, day: date, numbers: Numbers) -> Found | None:
    """A large share of a line's budget is paid out in December."""
    paid_on = payment.paid_on or day
    quota = payment.line.quota
    if paid_on.month != DECEMBER or quota is None or not quota.granted:
        return None
    rows = Payment.objects.filter(line=payment.line_id, state=Payment.State.PAID, paid_on__lte=paid_on)
    rows = rows.filter(paid_on__gte=date(paid_on.year, DECEMBER, 1)).order_by("paid_on", "pk")
    total = rows.aggregate(total=Sum("amount"))["total"] or 0
    if total * 100 < quota.granted * numbers["share"]:
        return None
    papers = list(rows)
    says = _("%(total)s of %(granted)s of the line %(line)s are paid in December alone") % {
        "total": Money(total),
        "granted": Money(quota.granted),
        "line": payment.line,
    }
    return Found(payment=papers[0], papers=papers, says=says)


def below_limit(payment: Payment, day: date, numbers: Numbers) -> Found | None:
    """Just below the amount from which more is asked: another signature, or a resolution."""
    rows = ApprovalRow.objects.filter(kind=PaperKind.PAYMENT, draft=False, amount_from__gt=payment.amount)
    nearest = next((row for row in rows.order_by("amount_from") if holds(row, day)), None)
    if nearest is None or payment.amount * 100 < nearest.amount_from * (100 - numbers["within"]):
        return None
    says = _("%(amount)s is just below %(limit)s, from where more is asked") % {
        "amount": Money(payment.amount),
        "limit": Money(nearest.amount_from),
    }
    return Found(payment=payment, papers=[payment], says=says)


def no_invoice(payment: Payment, _day: date, numbers: Numbers) -> Found | None:
    """A large payment that rests on no invoice."""
    if payment.amount < numbers["from"] or not payment.payee_account or payment.invoices.exists():
        return None
    says = _("%(amount)s was paid without an invoice") % {"amount": Money(payment.amount)}
    return Found(payment=payment, papers=[payment], says=says)


_LIMIT = Number(id="limit", name=_("limit (yuan)"), unit="money", usual=5_000_000)
_FROM = Number(id="from", name=_("from the amount (yuan)"), unit="money", usual=5_000_000)

RISKS = {
    risk.id: risk
    for risk in (
        Risk(
            id="split",
            name=_("split payments"),
            area="procurement",
            about=_("Several payments below a limit to one payee within few days that together reach it."),
            event=ASKED,
            numbers=(_LIMIT, Number(id="days", name=_("within days"), unit="days", usual=10)),
            look=split,
        ),
        Risk(
            id="round",
            name=_("round sum"),
            area="money",
            about=_("A large amount that is a multiple of a round one."),
            event=ASKED,
            numbers=(
                _FROM,
                Number(id="multiple", name=_("multiple of (yuan)"), unit="money", usual=1_000_000),
            ),
            look=round_sum,
        ),
        Risk(
            id="day_off",
            name=_("payment on a day off"),
            area="money",
            about=_("Paid on a weekend or a holiday of the town's calendar."),
            event=PAID,
            numbers=(_FROM,),
            look=day_off,
        ),
        Risk(
            id="account",
            name=_("shared account"),
            area="procurement",
            about=_("Payees of different names that are paid to one and the same account."),
            event=ASKED,
            numbers=(Number(id="days", name=_("within days"), unit="days", usual=365),),
            look=shared_account,
        ),
        Risk(
            id="address",
            name=_("shared address"),
            area="procurement",
            about=_("Suppliers of different names that are registered at one address, and are both paid."),
            event=ASKED,
            numbers=(Number(id="days", name=_("within days"), unit="days", usual=365),),
            look=shared_address,
        ),
        Risk(
            id="december",
            name=_("budget burst in December"),
            area="budget",
            about=_("So large a share of a line's budget is paid out in December alone."),
            event=PAID,
            numbers=(Number(id="share", name=_("share of the line (%)"), unit="percent", usual=30),),
            look=december,
        ),
        Risk(
            id="below",
            name=_("just below a limit"),
            area="contracts",
            about=_("An amount just below the one from which the approval matrix asks for more."),
            event=ASKED,
            numbers=(Number(id="within", name=_("within (%)"), unit="percent", usual=5),),
            look=below_limit,
        ),
        Risk(
            id="invoice",
            name=_("payment without an invoice"),
            area="money",
            about=_("A large payment to a payee that rests on no invoice."),
            event=PAID,
            numbers=(_FROM,),
            look=no_invoice,
        ),
    )
}
