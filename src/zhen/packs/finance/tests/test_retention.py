"""Retention money (质量保证金): withheld with the payment, owed until its day, released once: rows 4c and 4d."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.actions import payments
from zhen.packs.finance.kinds import ASSET, KINDS, Method, PaymentKind, add
from zhen.packs.finance.models import Payment
from zhen.packs.finance.tests.conftest import TODAY, Cast

pytestmark = pytest.mark.django_db
SOON, LATER = date(2027, 9, 15), date(2027, 9, 16)


def withheld(cast: Cast, *, due: date = SOON, **given: Any) -> Payment:
    """A lift for 500.00, of which 25.00 are kept back."""
    line = cast.funded(amount=100_000, method=given.get("method", Method.AUTHORISED))
    facts = {"kind": ASSET.id, "withheld": 2_500, "retention_due": due, "source": ("finance.contract", 7), **given}
    return cast.ask(line, 47_500, **facts)


@pytest.mark.parametrize(
    ("method", "due", "account", "from_account"),
    [
        (Method.AUTHORISED, SOON, "2307.02", "1011"),
        (Method.AUTHORISED, LATER, "2502", "1011"),
        (Method.DIRECT, SOON, "2307.02", "4001"),
    ],
)
def test_an_asset_is_booked_whole_and_only_what_is_paid_is_spent(
    cast: Cast, method: str, due: date, account: str, from_account: str
) -> None:
    payment = cast.paid(withheld(cast, method=method, due=due))
    (voucher,) = ledger.vouchers_of(cast.anna, ("finance.payment", payment.pk))
    lines = [(line.account.code, line.debit, line.credit) for line in voucher.lines.all()]
    assert lines[:4] == [("1601", 50_000, 0), (from_account, 0, 47_500), (account, 0, 2_500), ("7101", 47_500, 0)]
    assert ledger.Quota.objects.get(pk=payment.quota_id).available == 52_500

    release = cast.paid(payments.ask_release(cast.alice, payment, payment.line, method=method, amount=2_500))
    (voucher,) = ledger.vouchers_of(cast.anna, ("finance.payment", release.pk))
    lines = [(line.account.code, line.debit, line.credit) for line in voucher.lines.all()]
    assert lines[:3] == [(account, 2_500, 0), (from_account, 0, 2_500), ("7101", 2_500, 0)]
    assert (account in cast.ends(), cast.ends()["7101"]) == (False, 50_000)
    assert (release.source_type, release.source_id) == ("finance.contract", "7")


def test_it_is_released_once_and_not_beyond_what_was_withheld(cast: Cast) -> None:
    payment = cast.paid(withheld(cast))
    with pytest.raises(Refused, match=r"only ¥25\.00 were withheld"):
        payments.ask_release(cast.alice, payment, payment.line, method=Method.AUTHORISED, amount=2_501)
    first = payments.ask_release(cast.alice, payment, payment.line, method=Method.AUTHORISED, amount=2_000)
    with pytest.raises(Outdated, match="releases it already"):
        payments.ask_release(cast.alice, payment, payment.line, method=Method.AUTHORISED, amount=500)
    payments.refuse(cast.bob, first.pk, reason="The lift stands still")
    payments.ask_release(cast.alice, payment, payment.line, method=Method.AUTHORISED, amount=2_500)


@pytest.mark.parametrize("given", [{"due": None}, {"kind": "card", "payee_account": ""}])
def test_it_is_withheld_until_a_day_and_only_from_what_is_bought(cast: Cast, given: dict[str, Any]) -> None:
    with pytest.raises(Refused, match="withheld from an expense or an asset"):
        withheld(cast, **given)


def test_an_expense_may_hold_back_as_well_and_invoices_come_to_the_whole(cast: Cast) -> None:
    invoice = payments.InvoiceIn(number="26310000009", dated=date(2026, 9, 1), amount=50_000)
    payment = cast.paid(withheld(cast, kind="expense", invoices=(invoice,)))
    assert (cast.ends()["5001"], cast.ends()["2307.02"]) == (50_000, -2_500)
    assert payment.paid_on == TODAY


def test_two_kinds_of_payment_never_share_a_name() -> None:
    with pytest.raises(ValueError, match="two kinds of payment are called asset"):
        add(PaymentKind(id="asset", name="Other", paid="asset_{method}"))
    assert KINDS["asset"] is ASSET
