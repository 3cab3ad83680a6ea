"""Every page of public money shows what it should, to whom it should, with few queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post
from zhen.kernel.ledger import api as ledger
from zhen.packs.finance.actions import plans
from zhen.packs.finance.models import Budget, FundingPlan, Payment
from zhen.packs.finance.tests.conftest import Cast

pytestmark = pytest.mark.django_db
MOST = 60


def signed_in(cast: Cast, actor: Actor, role: str) -> Client:
    user = User.objects.get(pk=actor.id or 0)
    a_post(user, role, cast.other if actor is cast.charlie else cast.office)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def url(name: str, key: object = None) -> str:
    return reverse(f"page:finance.{name}", kwargs={"key": str(key)} if key is not None else None)


def test_each_page_opens_with_few_queries(cast: Cast, django_assert_max_num_queries: Callable[..., object]) -> None:
    line = cast.funded()
    payment = cast.paid(cast.ask(line, 30_000))
    voucher = ledger.Voucher.objects.latest("pk")
    pages = [
        url("execution"),
        url("line", line.pk),
        url("plans"),
        url("plan", FundingPlan.objects.get().pk),
        url("changes"),
        url("budgets"),
        url("budget_new"),
        url("budget", Budget.objects.get().pk),
        url("payments"),
        url("payment", payment.pk),
        url("vouchers"),
        url("voucher", voucher.pk),
        url("accounts"),
        url("account", f"{cast.book.pk}-1011"),
    ]
    anna = signed_in(cast, cast.anna, "finance.accountant")
    for address in pages:
        with django_assert_max_num_queries(MOST):  # type: ignore[attr-defined]
            assert anna.get(address).status_code == 200, address
    page = anna.get(url("voucher", voucher.pk)).content.decode()
    assert [word for word in ("零余额账户用款额度", "7101", "300.00") if word not in page] == []
    charlie = signed_in(cast, cast.charlie, "unit_clerk")
    assert charlie.get(url("payment", payment.pk)).status_code == 404
    assert charlie.get(url("voucher", voucher.pk)).status_code in (403, 404)


def test_a_payment_from_entry_to_bank_slip_by_the_pages(cast: Cast) -> None:
    line = cast.funded()
    said = {
        "kind": "expense",
        "method": "authorised",
        "purpose": "复印纸",
        "amount": "300.00",
        "payee": "纸行",
        "payee_bank": "银行",
        "payee_account": "1",
        "invoice_number": "26310000001",
        "invoice_dated": "2026-09-01",
    }
    alice = signed_in(cast, cast.alice, "unit_clerk")
    assert alice.post(url("payment_new", line.pk), said).status_code == 302
    assert alice.post(url("payment_new", line.pk), said).status_code != 302, "the invoice is taken"
    payment = Payment.objects.get()
    assert (payment.amount, payment.invoices.count()) == (30_000, 1)
    bob = signed_in(cast, cast.bob, "unit_head")
    assert bob.post(url("payment", payment.pk), {"action": "approve", "confirmed": "1"}).status_code == 302
    payment.refresh_from_db()
    assert payment.state == Payment.State.APPROVED
    carla = signed_in(cast, cast.carla, "finance.cashier")
    slip = {"on": "2026-09-15", "bank_reference": "B-1"}
    assert carla.post(url("payment_pay", payment.pk), slip).status_code == 302
    payment.refresh_from_db()
    assert payment.state == Payment.State.PAID


def test_a_budget_is_put_in_force_by_the_pages(cast: Cast) -> None:
    line = cast.line()
    frank = signed_in(cast, cast.frank, "finance_officer")
    budget = Budget.objects.get()
    anna = signed_in(cast, cast.anna, "finance.accountant")
    new = {
        "unit": cast.office.pk,
        "name": "墨盒",
        "function": "2010301",
        "economic": "30201",
        "source": "一般公共预算",
        "amount": "1.2万",
    }
    assert anna.post(url("line_new", budget.pk), new).status_code == 302
    assert "墨盒" in anna.get(url("budget", budget.pk)).content.decode()
    assert frank.get(url("budget", budget.pk)).status_code == 200
    cast.in_force()
    line.refresh_from_db()
    alice = signed_in(cast, cast.alice, "unit_clerk")
    plan = {"month": 9, "method": "authorised", "amount": "500"}
    assert alice.post(url("plan_new", line.pk), plan).status_code == 302
    assert plans.decide_plan(cast.anna, FundingPlan.objects.get().pk, approve=True).amount == 50_000
    change = {"after": budget.lines.exclude(pk=line.pk).get().pk, "amount": "100", "reason": "更多墨盒"}
    assert anna.post(url("change_new", line.pk), change).status_code == 302


def test_next_years_draft_is_begun_in_books_that_are_opened_for_it(cast: Cast) -> None:
    anna = signed_in(cast, cast.anna, "finance.accountant")
    page = url("budget_new")
    assert 'value="2027"' in anna.get(page).content.decode(), "what is offered goes on from the newest books"
    given = {"unit": cast.office.pk, "year": 2027, "level": "town", "unit_type": "administration"}
    for year in (1999, 2101):
        assert anna.post(page, given | {"year": year}).status_code == 422
    assert anna.post(page, given).status_code == 302
    draft = Budget.objects.get(book__year=2027)
    assert (draft.book.unit, draft.state, draft.prepared_by_id) == (cast.office, "draft", cast.anna.user_id)
    assert anna.post(page, given).status_code == 422, "there is one for this year"
    assert anna.post(page, given | {"year": 2026}).status_code == 302, "books that are open already are used"
    assert Budget.objects.get(book__year=2026).book == cast.book
    frank = signed_in(cast, cast.frank, "finance_officer")
    assert frank.post(page, given | {"year": 2028}).status_code == 403


def test_what_the_leader_sees_by_class_opens_to_its_lines_of_this_year(cast: Cast) -> None:
    line = cast.funded(name="Roof", function="2120303", economic="30213")
    leo = signed_in(cast, cast.leo, "town_leader")
    told = leo.get(url("overview")).content.decode()
    for words in ("212", "302"):
        address = f"{url('execution')}?year=2026&q={words}"
        assert address.replace("&", "&amp;") in told
        assert url("line", line.pk) in leo.get(address).content.decode()
    assert url("line", line.pk) not in leo.get(f"{url('execution')}?year=2026&q=213").content.decode()
