"""Transfers, disposals and leases: each signature by its own person, each event in the books."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.assets import matching
from zhen.packs.finance.assets.actions import disposing, letting, moving
from zhen.packs.finance.assets.actions.wear import depreciate
from zhen.packs.finance.assets.models import Asset, Disposal, Lease
from zhen.packs.finance.assets.rules import State
from zhen.packs.finance.assets.tests.conftest import Store

pytestmark = pytest.mark.django_db
TODAY = date(2026, 9, 15)


def to(store: Store) -> dict[str, object]:
    return {
        "unit_id": store.cast.other.pk, "keeper_id": store.dora.user_id, "place_id": None, "spot": "2F", "reason": "",
    }  # fmt: skip


def test_one_hands_over_and_another_takes_over(store: Store) -> None:
    asset = store.old(720_000)
    transfer = moving.hand_over(store.kim, asset.pk, **to(store))
    with pytest.raises(Outdated, match="handed over already"):
        moving.hand_over(store.cast.bob, asset.pk, **to(store))
    moving.take_over(store.dora, transfer.pk, approve=True)
    asset.refresh_from_db()
    assert (asset.unit_id, asset.keeper_id, asset.spot) == (store.cast.other.pk, store.dora.user_id, "2F")
    with pytest.raises(Outdated, match="decided on"):
        moving.take_over(store.dora, transfer.pk, approve=False)


def test_who_hands_over_does_not_take_over(store: Store) -> None:
    asset = store.old(720_000)
    transfer = moving.hand_over(store.kim, asset.pk, **{**to(store), "unit_id": store.cast.office.pk})
    with pytest.raises(Refused, match="does not take it over"):
        moving.take_over(store.kim, transfer.pk, approve=True)
    with pytest.raises(IntegrityError, match="transfer_second_person"), transaction.atomic():
        type(transfer).objects.filter(pk=transfer.pk).update(decided_by=store.kim.user_id)
    moving.take_over(store.cast.bob, transfer.pk, approve=False)
    asset.refresh_from_db()
    assert asset.keeper_id == store.kim.user_id, "it stays where it was"


def test_an_asset_is_sold_by_three_people_and_its_money_goes_to_the_treasury(store: Store) -> None:
    asset = store.old(720_000)
    depreciate(store.cast.anna, store.cast.book, date(2026, 8, 1))
    disposal = disposing.ask_disposal(store.cast.alice, asset.pk, kind="sold", reason="Replaced")
    with pytest.raises(Outdated):
        disposing.record_disposal(store.cast.anna, disposal.pk, on=TODAY, proceeds=100)
    disposing.decide_disposal(store.cast.leo, disposal.pk, approve=True)
    with pytest.raises(Refused, match="more than it brought"):
        disposing.record_disposal(store.cast.anna, disposal.pk, on=TODAY, proceeds=100, costs=101)
    disposing.record_disposal(store.cast.anna, disposal.pk, on=TODAY, proceeds=50_000, costs=2_000)
    ends = store.cast.ends()
    worn = (22 + 8) * 10_000
    assert (ends.get("1601"), ends.get("1602"), ends["5301"]) == (None, None, 720_000 - worn)
    assert (ends["1002"], ends["2103"]) == (48_000, -48_000)
    assert matching.differences(store.cast.anna, store.cast.book) == []
    disposing.remit_sale(store.cast.carla, disposal.pk, on=TODAY)
    assert "2103" not in store.cast.ends()
    with pytest.raises(Outdated, match="nothing of it is due"):
        disposing.remit_sale(store.cast.carla, disposal.pk, on=TODAY)
    assert depreciate(store.cast.anna, store.cast.book, date(2026, 9, 1)).total == 0, "none in the month of disposal"


def test_a_loss_is_recorded_then_approved(store: Store) -> None:
    asset = store.old(720_000)
    depreciate(store.cast.anna, store.cast.book, date(2026, 8, 1))
    disposal = disposing.ask_disposal(store.cast.alice, asset.pk, kind="lost", reason="Not found")
    disposing.record_disposal(store.cast.anna, disposal.pk, on=TODAY)
    assert store.cast.ends()["1902"] == 420_000
    assert Asset.objects.get(pk=asset.pk).state == State.PENDING
    disposing.decide_disposal(store.cast.leo, disposal.pk, approve=True, decision="Nobody is to blame")
    ends = store.cast.ends()
    assert (ends.get("1902"), ends["5301"]) == (None, 420_000)
    assert Asset.objects.get(pk=asset.pk).state == State.GONE


def test_a_loss_that_is_refused_comes_back_on_the_books_and_is_depreciated_on(store: Store) -> None:
    asset = store.old(720_000)
    depreciate(store.cast.anna, store.cast.book, date(2026, 8, 1))
    disposal = disposing.ask_disposal(store.cast.alice, asset.pk, kind="scrapped", reason="Old")
    disposing.record_disposal(store.cast.anna, disposal.pk, on=TODAY)
    disposing.decide_disposal(store.cast.leo, disposal.pk, approve=False, decision="It still runs")
    asset.refresh_from_db()
    assert (asset.state, asset.gone_on, store.cast.ends()["1601"]) == (State.IN_USE, None, 720_000)
    assert depreciate(store.cast.anna, store.cast.book, date(2026, 9, 1)).total == 10_000
    assert matching.differences(store.cast.anna, store.cast.book) == []
    assert disposing.ask_disposal(store.cast.alice, asset.pk, kind="sold", reason="Again").pk != disposal.pk


def test_a_disposal_waits_for_the_months_before_and_takes_none_of_its_own(store: Store) -> None:
    asset = store.old(720_000)
    disposal = disposing.ask_disposal(store.cast.alice, asset.pk, kind="scrapped", reason="Old")
    with pytest.raises(Refused, match="depreciation up to 2026-08 is not booked"):
        disposing.record_disposal(store.cast.anna, disposal.pk, on=TODAY)
    depreciate(store.cast.anna, store.cast.book, date(2026, 9, 1))
    with pytest.raises(Refused, match="none is of the month of disposal"):
        disposing.record_disposal(store.cast.anna, disposal.pk, on=TODAY)


def test_the_keeper_records_no_disposal_and_the_database_knows(store: Store) -> None:
    asset = store.old(720_000)
    disposal = disposing.ask_disposal(store.cast.alice, asset.pk, kind="sold", reason="Old")
    for name, field in (("asked_by", "approved_by"), ("asked_by", "recorded_by"), ("keeper", "recorded_by")):
        same = getattr(disposal, f"{name}_id")
        with pytest.raises(IntegrityError, match="finance_disposal"), transaction.atomic():
            Disposal.objects.filter(pk=disposal.pk).update(**{field: same})


def test_rents_are_received_for_the_treasury_and_paid_to_it(store: Store) -> None:
    shop = store.old(60_000_000, code="A0101", acquired_on=date(2010, 1, 1))
    terms: dict[str, Any] = {"tenant": "Tea house", "contract": "ZL-1", "rent": 300_000}
    lease = letting.ask_lease(store.cast.alice, shop.pk, starts_on=date(2026, 7, 1), ends_on=date(2027, 6, 30), **terms)
    with pytest.raises(Refused, match="let in these days"):
        letting.ask_lease(store.cast.alice, shop.pk, starts_on=TODAY, ends_on=date(2026, 12, 31), **terms)
    letting.decide_lease(store.cast.leo, lease.pk, approve=True)
    rents = list(lease.rents.all())
    assert (len(rents), rents[0].due_on, rents[-1].due_on) == (12, date(2026, 7, 1), date(2027, 6, 1))
    letting.receive_rent(store.cast.carla, rents[0].pk, on=TODAY, reference="B-9")
    assert (store.cast.ends()["1002"], store.cast.ends()["2103"]) == (300_000, -300_000)
    with pytest.raises(Outdated, match="received already"):
        letting.receive_rent(store.cast.carla, rents[0].pk, on=TODAY, reference="B-9")
    letting.remit_rent(store.cast.carla, rents[0].pk, on=TODAY)
    assert "2103" not in store.cast.ends()


def test_rents_of_a_lease_from_the_middle_of_a_month(store: Store) -> None:
    lease = Lease(starts_on=date(2026, 1, 15), ends_on=date(2026, 4, 14))
    assert letting.due_days(lease) == [date(2026, 1, 15), date(2026, 2, 1), date(2026, 3, 1)]
