"""The pages of procurement over the demo town: they open, with few queries, to whom they should."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from django.utils import translation

from zhen.kernel.identity.api import User
from zhen.packs.finance.procurement.models import Bid, Contract, Figure, Procurement, Supplier
from zhen.project.demo.build import build

pytestmark = pytest.mark.django_db
MOST = 60
Most = Callable[[int], AbstractContextManager[object]]


def browser(username: str = "") -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    if username:
        client.force_login(User.objects.get(username=username))
    return client


def url(name: str, key: object = None) -> str:
    return reverse(f"page:{name}", kwargs={"key": str(key)} if key is not None else None)


def test_the_demo_town_shows_procurements_in_every_state(
    settings: LazySettings, django_assert_max_num_queries: Most
) -> None:
    settings.ZHEN_DEMO = True
    build(scale="small", say=lambda line: None)
    states = set(Procurement.objects.values_list("state", flat=True))
    assert states >= {"need", "refused", "tendering", "opened", "awarded", "contracted", "accepted", "failed"}
    buyer, nobody = browser("buyer"), browser()
    for procurement in Procurement.objects.all():
        with django_assert_max_num_queries(MOST):
            assert buyer.get(url("finance.procurement", procurement.pk)).status_code == 200
        notice = nobody.get(url("procurement.notice", procurement.pk))
        assert notice.status_code == (200 if procurement.published_at else 404)
        with translation.override("zh-hans"):
            for bid in procurement.bids.select_related("supplier__organisation"):
                named = str(bid.supplier) in notice.content.decode()
                assert named is (procurement.state in ("awarded", "contracted", "accepted")), procurement.state
    pages = [
        url("finance.procurements"),
        url("finance.contracts"),
        url("finance.contract", Contract.objects.latest("pk").pk),
        url("finance.suppliers"),
        url("finance.supplier", Supplier.objects.latest("pk").pk),
        url("finance.figures"),
        url("finance.figure", Figure.objects.latest("pk").pk),
        url("finance.bid", Bid.objects.filter(opened_at__isnull=False)[0].pk),
    ]
    for address in pages:
        with django_assert_max_num_queries(MOST):
            assert buyer.get(address).status_code == 200, address
    sealed = Bid.objects.filter(opened_at__isnull=True)[0]
    assert buyer.get(url("finance.bid", sealed.pk)).status_code == 404, "nobody reads a sealed bid"
    receipt = nobody.get(url("procurement.receipt", sealed.digest)).content.decode()
    assert sealed.digest in receipt
    assert str(sealed.supplier) not in receipt
    for address in (url("procurement.notices"), url("procurement.bid")):
        with django_assert_max_num_queries(MOST):
            assert nobody.get(address).status_code == 200, address
    assert browser("auditor").get(url("finance.procurements")).status_code == 403
