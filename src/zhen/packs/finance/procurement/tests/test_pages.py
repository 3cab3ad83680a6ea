"""The pages of procurement open with few queries, to whom they should, and carry a procurement on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from zhen.kernel.files.testing import a_pdf
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.testing import a_post
from zhen.kernel.lib import clock
from zhen.packs.finance.procurement.actions import contracts, suppliers, tendering
from zhen.packs.finance.procurement.models import Bid, Figure, Procurement
from zhen.packs.finance.procurement.tests.conftest import CODES, PHRASES, WAN, Market

pytestmark = pytest.mark.django_db
MOST = 48
Most = Callable[[int], AbstractContextManager[object]]


def browser(name: str = "", role: str = "", unit: Unit | None = None) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    if unit is not None:
        user = User.objects.get(username=name)
        a_post(user, role, unit)
        client.force_login(user)
    return client


def url(name: str, key: object = None) -> str:
    return reverse(f"page:{name}", kwargs={"key": str(key)} if key is not None else None)


def test_each_page_opens_with_few_queries(market: Market, django_assert_max_num_queries: Most) -> None:
    line = market.cast.funded(200 * WAN)
    procurement = market.awarded(line)
    contract = market.signed(procurement)
    contracts.accept(market.vera, contract.pk, on=clock.today(), findings="Seen")
    (part,) = contract.instalments.all()
    contracts.ask_payment(market.cast.alice, part.pk, kind="expense", method="authorised")
    betty = browser("betty", "finance.buyer", market.cast.office)
    pages = [
        url("finance.procurements"),
        url("finance.procurement", procurement.pk),
        url("finance.procurement_contract", procurement.pk),
        url("finance.procurement_publish", procurement.pk),
        url("finance.contracts"),
        url("finance.contract", contract.pk),
        url("finance.suppliers"),
        url("finance.supplier", market.suppliers[0].pk),
        url("finance.supplier_new"),
        url("finance.supplier_address", market.suppliers[0].pk),
        url("finance.figures"),
        url("finance.procurement_figure", Figure.objects.latest("pk").pk),
        url("finance.figure_new"),
        url("finance.bid", procurement.winner_id),
    ]
    for address in pages:
        with django_assert_max_num_queries(MOST):
            assert betty.get(address).status_code == 200, address
    page = betty.get(url("finance.procurement", procurement.pk)).content.decode()
    assert [word for word in ("Printers", "Firm 2", "280,000.00", "采购方式及理由", "验收") if word not in page] == []
    charlie = browser("charlie", "unit_clerk", market.cast.other)
    assert charlie.get(url("finance.procurement", procurement.pk)).status_code == 404
    nobody = browser()
    for address in (url("procurement.notices"), url("procurement.notice", procurement.pk), url("procurement.bid")):
        with django_assert_max_num_queries(MOST):
            assert nobody.get(address).status_code == 200, address
    assert "Firm 2" in nobody.get(url("procurement.notice", procurement.pk)).content.decode()


def test_until_the_award_nobody_outside_reads_who_bids(market: Market) -> None:
    procurement = market.tendering(market.cast.funded(100 * WAN), (28 * WAN, 27 * WAN))
    nobody = browser()
    betty = browser("betty", "finance.buyer", market.cast.office)
    sealed = procurement.bids.all()[0]
    notice = nobody.get(url("procurement.notice", procurement.pk)).content.decode()
    assert sealed.digest in notice
    assert "Firm" not in notice
    receipt = nobody.get(url("procurement.receipt", sealed.digest))
    assert (receipt.status_code, "Firm" in receipt.content.decode()) == (200, False)
    assert betty.get(url("finance.bid", sealed.pk)).status_code == 404, "nobody reads a sealed bid"
    market.opened(procurement)
    betty = Client()  # three weeks later
    betty.force_login(market.user("betty"))
    assert betty.get(url("finance.bid", sealed.pk)).status_code == 200
    assert "Firm" not in nobody.get(url("procurement.notice", procurement.pk)).content.decode()


def test_a_bid_is_sent_by_the_portal_and_its_file_comes_out_at_the_opening(market: Market) -> None:
    procurement = market.tendering(market.cast.funded(100 * WAN), (28 * WAN, 27 * WAN))
    invitation = procurement.invitations.get(supplier=market.suppliers[0])
    said = {
        "number": str(procurement),
        "credit_code": CODES[0],
        "code": suppliers.code_of(invitation),
        "price": "25万",
        "days": "7",
        "statement": "完全响应",
        "file": SimpleUploadedFile("标书.pdf", a_pdf()),
    }
    nobody = browser()
    wrong = nobody.post(url("procurement.bid"), said | {"file": SimpleUploadedFile("a.pdf", b"MZ no pdf")})
    assert wrong.status_code == 422
    assert wrong.content.decode().count("25万") == 1, "what was written is kept"
    sent = nobody.post(url("procurement.bid"), said)
    assert sent.status_code == 302
    bid = procurement.bids.get(supplier=market.suppliers[0], in_force=True)
    assert sent["Location"].startswith(f"/procurement/receipt/{bid.digest}/#")
    market.opened(procurement)
    bid.refresh_from_db()
    assert (bid.price, bid.days, bid.file is not None) == (25 * WAN, 7, True)


def test_a_supplier_moves_once_by_its_page(market: Market) -> None:
    supplier = market.suppliers[0]
    betty = browser("betty", "finance.buyer", market.cast.office)
    page = url("finance.supplier_address", supplier.pk)
    assert betty.post(page, {"address": ""}).status_code == 422
    assert betty.post(page, {"address": " 示范路 8 号 "}).status_code == 302
    assert betty.post(page, {"address": "示范路 8 号"}).status_code == 422
    told = betty.get(url("finance.supplier", supplier.pk)).content.decode()
    assert told.count("示范路 8 号") == 2, "among the facts, and once in the history"
    other = browser("charlie", "unit_clerk", market.cast.other)
    assert other.post(page, {"address": "x"}).status_code in {403, 404}


def test_a_procurement_from_the_need_to_the_opening_by_the_pages(market: Market) -> None:
    line = market.cast.funded(100 * WAN)
    alice = browser("alice", "unit_clerk", market.cast.office)
    need = {
        "line": line.pk,
        "title": "打印机",
        "category": "goods",
        "catalogue": "A02010601",
        "items": "打印机 | 3",
        "amount": "9万",
        "purpose": "旧的坏了",
        "method": "small",
    }
    assert alice.post(url("finance.procurement_new"), need).status_code == 422, "an item needs its unit"
    assert alice.post(url("finance.procurement_new"), need | {"items": "打印机 | 3 | 台"}).status_code == 302
    made = Procurement.objects.get()
    leo = browser("leo", "town_leader", market.cast.office)
    page = url("finance.procurement", made.pk)
    assert leo.post(page, {"action": "approve", "confirmed": "1"}).status_code == 302
    betty = browser("betty", "finance.buyer", market.cast.office)
    for name, phrase in zip(("kurt", "karin"), PHRASES, strict=True):
        assert (
            betty.post(url("finance.procurement_holder", made.pk), {"user": market.people[name].id}).status_code == 302
        )
        holder = browser(name, "unit_clerk", market.cast.office)
        key = url("finance.procurement_make_key", made.pk)
        assert holder.post(key, {"phrase": phrase, "again": phrase + "x"}).status_code == 422
        assert holder.post(key, {"phrase": phrase, "again": phrase}).status_code == 302
    firm = {"supplier": market.suppliers[0].pk}
    assert betty.post(url("finance.procurement_invite", made.pk), firm).status_code == 302
    when = {"way": "lowest", "day": "2026-09-20", "hour": "10:00"}
    assert betty.post(url("finance.procurement_publish", made.pk), when).status_code == 302
    made.refresh_from_db()
    market.bid(made, 0, 8 * WAN)
    assert Bid.objects.get().price is None
    assert made.opens_at is not None
    market.hands.now = made.opens_at
    tendering.turn_key(market.kurt, made.pk, phrase=PHRASES[0])
    karin = Client(headers={"accept-language": "zh-hans"})
    karin.force_login(market.user("karin"))
    assert karin.post(url("finance.procurement_turn_key", made.pk), {"phrase": PHRASES[1]}).status_code == 302
    assert Bid.objects.get().price == 8 * WAN
