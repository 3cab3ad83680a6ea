"""Every page of internal control shows what it should, to whom it should, with few queries."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post
from zhen.kernel.journal import api as journal
from zhen.packs.finance.actions import payments
from zhen.packs.finance.control import auditing, resolutions, watching
from zhen.packs.finance.control.models import ApprovalRow, PaperKind, Resolution, RiskSetting, Sample
from zhen.packs.finance.control.tests.conftest import entered, in_force, runs
from zhen.packs.finance.models import Payment
from zhen.packs.finance.tests.conftest import TODAY, Cast

pytestmark = pytest.mark.django_db
MOST = 60


def signed_in(cast: Cast, actor: Actor, role: str) -> Client:
    user = User.objects.get(pk=actor.id or 0)
    a_post(user, role, cast.office)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


def url(name: str, key: object = None) -> str:
    return reverse(f"page:finance.{name}", kwargs={"key": str(key)} if key is not None else None)


def test_each_page_opens_with_few_queries(
    cast: Cast, paula: Actor, adviser: Actor, auditor: Actor, django_assert_max_num_queries: Callable[..., object]
) -> None:
    row = in_force(cast, ["unit_head", "finance_officer"], resolution=True)
    setting = runs(cast, "round", **{"from": 10_000, "multiple": 10_000})
    resolution = resolutions.review(adviser, entered(paula), lawful=True, opinion="In order")
    payment = cast.ask(cast.funded(), 30_000)
    resolutions.cover(cast.alice, resolution, PaperKind.PAYMENT, payment.pk)
    payments.approve(cast.bob, payment.pk)
    payments.approve(cast.frank, payment.pk)
    payment = payments.pay(cast.carla, payment.pk, on=TODAY, bank_reference="B-1")
    watching.watch(list(journal.Event.objects.filter(kind__in=watching.CONSUMER.kinds)))
    sample = auditing.freeze(
        auditor, cast.book, method=Sample.Method.RANDOM, first=TODAY, last=TODAY, size=3, purpose="Autumn"
    )
    sample = auditing.draw(auditor, sample, seed="03 08 17", seed_from="Lottery")
    client = signed_in(cast, auditor, "finance.auditor")
    for address in (
        url("control"), url("control_area", "money"), url("duties"), url("combined"), url("matrix"),
        url("matrix_row", row.pk), url("resolutions"), url("resolution", resolution.pk), url("findings"),
        url("risk_rules"), url("risk_rule", "round"), url("risk_settings"), url("risk_setting", setting.pk),
        url("samples"), url("sample", sample.pk), url("traces"), url("trace", payment.pk), url("payment", payment.pk),
        url("to_sign"),
    ):  # fmt: skip
        with django_assert_max_num_queries(MOST):  # type: ignore[attr-defined]
            assert client.get(address).status_code == 200, address
    page = client.get(url("trace", payment.pk)).content.decode()
    assert [word for word in ("21/2026", "5001", "尚未封存") if word not in page] == []
    clerk = signed_in(cast, cast.charlie, "counter_clerk")
    for address in (url("control"), url("samples"), url("trace", payment.pk), url("matrix_row", row.pk)):
        assert clerk.get(address).status_code == 403, address
    for name in ("sample_new", "matrix_new", "resolution_new"):
        allowed = name == "sample_new"
        assert (client.get(url(name)).status_code == 200) is allowed, name


def test_a_row_and_the_numbers_of_a_rule_are_put_in_force_by_the_pages(cast: Cast) -> None:
    frank, leo = signed_in(cast, cast.frank, "finance_officer"), signed_in(cast, cast.leo, "town_leader")
    said = {
        "kind": "payment", "amount_from": "5万", "step_1": "unit_head", "step_2": "finance_officer", "step_3": "",
        "step_4": "", "resolution": "on", "valid_from": "2026-09-15", "source": "镇府办〔2026〕8号",
    }  # fmt: skip
    assert frank.post(url("matrix_new"), said).status_code == 302
    row = ApprovalRow.objects.get()
    assert (row.amount_from, row.steps, row.resolution) == (5_000_000, ["unit_head", "finance_officer"], True)
    assert leo.post(url("matrix_row", row.pk), {"action": "approve", "confirmed": "1"}).status_code == 302
    numbers = {"from": "5万", "multiple": "1万", "valid_from": "2026-09-15", "source": "同上"}
    assert frank.post(url("risk_setting_new", "round"), numbers).status_code == 302
    setting = RiskSetting.objects.get()
    assert setting.values == {"from": 5_000_000, "multiple": 1_000_000}
    assert leo.post(url("risk_setting", setting.pk), {"action": "approve", "confirmed": "1"}).status_code == 302
    row.refresh_from_db()
    assert (row.draft, row.approved_by_id) == (False, cast.leo.id)


def test_a_resolution_goes_from_the_meeting_to_the_payment_by_the_pages(
    cast: Cast, paula: Actor, adviser: Actor
) -> None:
    in_force(cast, ["unit_head"], resolution=True)
    payment = cast.ask(cast.funded(), 30_000)
    said = {
        "number": "镇党政联席会〔2026〕21号", "meeting": "镇党政联席会议", "held_on": "2026-09-14", "members": "七人",
        "present": "7", "votes_for": "6", "votes_against": "0", "abstentions": "1", "text": "同意", "amount": "1000",
    }  # fmt: skip
    planner, lawyer = signed_in(cast, paula, "plan_officer"), signed_in(cast, adviser, "finance.legal_adviser")
    assert planner.post(url("resolution_new"), said).status_code == 302
    assert planner.post(url("resolution_new"), said | {"votes_for": "3"}).status_code == 422
    resolution = Resolution.objects.get()
    opinion = {"lawful": "yes", "opinion": "程序完备"}
    assert lawyer.post(url("resolution_review", resolution.pk), opinion).status_code == 302
    alice, bob = signed_in(cast, cast.alice, "unit_clerk"), signed_in(cast, cast.bob, "unit_head")
    approve = {"action": "approve", "confirmed": "1"}
    assert bob.post(url("payment", payment.pk), approve).status_code == 422
    assert alice.post(url("cover_payment", payment.pk), {"resolution": resolution.pk}).status_code == 302
    assert "镇党政联席会〔2026〕21号" in alice.get(url("payment", payment.pk)).content.decode()
    assert bob.post(url("payment", payment.pk), approve).status_code == 302
    assert Payment.objects.get().state == Payment.State.APPROVED


def test_the_auditor_freezes_draws_and_notes_by_the_pages(cast: Cast, auditor: Actor) -> None:
    payment = cast.paid(cast.ask(cast.funded(), 30_000))
    client = signed_in(cast, auditor, "finance.auditor")
    said = {
        "book": cast.book.pk, "method": "monetary", "first": "2026-09-01", "last": "2026-09-30", "size": "5",
        "purpose": "秋季抽查",
    }  # fmt: skip
    assert client.post(url("sample_new"), said).status_code == 302
    sample = Sample.objects.get()
    seed = {"seed": "03 08 17 22", "seed_from": "当天开奖号码"}
    assert client.post(url("sample_draw", sample.pk), seed).status_code == 302
    assert str(payment) in client.get(url("sample", sample.pk)).content.decode()
    note = {"title": "缺验收单", "text": "请补充"}
    answer = client.post(url("audit_note_new", payment.pk), note)
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    for name in ("payment_pay", "payment_refuse", "cover_payment"):
        assert client.get(url(name, payment.pk)).status_code == 403, name
