"""Cards come to what was booked, months are booked once, and cards and books hold the same."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from zhen.kernel.access.api import Denied
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.lib.testing import Hands
from zhen.packs.finance.assets import matching
from zhen.packs.finance.assets.actions.cards import bring_in, finish, register
from zhen.packs.finance.assets.actions.wear import depreciate, run_last_month
from zhen.packs.finance.assets.models import Asset, Wear, WearRun
from zhen.packs.finance.assets.rules import State
from zhen.packs.finance.assets.tests.conftest import Store

pytestmark = pytest.mark.django_db


def month(number: int) -> date:
    return date(2026, number, 1)


def test_cards_of_a_payment_come_to_what_was_booked(store: Store) -> None:
    payment = store.bought(100_000)
    three = register(store.cast.anna, payment, store.new(70_000, count=3))
    assert [asset.value for asset in three] == [23_334, 23_333, 23_333]
    with pytest.raises(Refused, match="of the payment have no card yet"):
        register(store.cast.anna, payment, store.new(30_001))
    assert matching.differences(store.cast.anna, store.cast.book) != [], "what has no card shows"
    register(store.cast.anna, payment, store.new(30_000))
    assert matching.differences(store.cast.anna, store.cast.book) == []
    assert {match.difference for match in matching.matches(store.cast.anna, store.cast.book)} == {0}


def test_only_a_payment_for_an_asset_that_was_made_has_cards(store: Store) -> None:
    line = store.cast.funded()
    with pytest.raises(Refused, match="has not bought an asset"):
        register(store.cast.anna, store.cast.paid(store.cast.ask(line, 1_000)), store.new(1_000))


def test_who_keeps_an_asset_does_not_record_it(store: Store) -> None:
    payment = store.bought(10_000)
    with pytest.raises(Refused, match="who keeps an asset does not record it"):
        register(store.cast.anna, payment, store.new(10_000, keeper_id=store.cast.anna.user_id))
    asset = register(store.cast.anna, payment, store.new(10_000))[0]
    with pytest.raises(IntegrityError, match="keeper_records_not"), transaction.atomic():
        Asset.objects.filter(pk=asset.pk).update(keeper=store.cast.anna.user_id)
    with pytest.raises(Denied):
        register(store.kim, payment, store.new(10_000))


def test_a_life_is_not_shorter_than_that_of_its_class(store: Store) -> None:
    payment = store.bought(10_000)
    with pytest.raises(Refused, match="at least 6 years"):
        register(store.cast.anna, payment, store.new(10_000, years=5))
    with pytest.raises(Refused, match="not depreciated"):
        register(store.cast.anna, payment, store.new(10_000, code="A04", years=5))
    books = register(store.cast.anna, payment, store.new(10_000, code="A04"))[0]
    assert books.life is None


def test_a_month_is_booked_once_in_one_voucher(store: Store) -> None:
    payment = store.bought(720_000)
    for _number in range(2):
        register(store.cast.anna, payment, store.new(360_000))
    run = depreciate(store.cast.anna, store.cast.book, month(9))
    assert (run.total, run.cards, run.voucher is not None) == (10_000, 2, True)
    assert depreciate(store.cast.anna, store.cast.book, month(9)).pk == run.pk
    assert (WearRun.objects.count(), Wear.objects.count()) == (1, 2)
    ends = store.cast.ends()
    assert (ends["1602"], ends["1601"], ends["5001"]) == (-10_000, 720_000, 10_000)
    voucher = ledger.vouchers_of(store.cast.anna, ("finance.wearrun", run.pk)).get()
    assert ledger.paper_of(voucher) == f"/desk/finance/depreciation/{run.pk}/"
    assert matching.differences(store.cast.anna, store.cast.book) == []


def test_a_month_that_was_missed_is_made_up_for_and_none_goes_back(store: Store) -> None:
    asset = store.old(720_000)
    assert (asset.worn, asset.months) == (22 * 10_000, 50)
    assert depreciate(store.cast.anna, store.cast.book, month(3)).total == 30_000
    with pytest.raises(Outdated, match="2026-03 is booked already"):
        depreciate(store.cast.anna, store.cast.book, month(2))
    with pytest.raises(Refused, match="has not begun"):
        depreciate(store.cast.anna, store.cast.book, month(10))
    assert depreciate(store.cast.anna, store.cast.book, month(4)).total == 10_000


def test_the_job_books_the_month_that_is_over(store: Store, hands: Hands) -> None:
    store.old(720_000)
    run_last_month()
    run_last_month()
    assert [(str(run), run.total) for run in WearRun.objects.all()] == [("2026-08", 80_000)]


def test_older_assets_bring_their_depreciation_along(store: Store) -> None:
    car = store.old(18_600_000, code="A0203", acquired_on=date(2024, 6, 30))
    worn_out = store.old(499_900, acquired_on=date(2019, 5, 1))
    assert (car.worn, car.left, worn_out.left, worn_out.months) == (19 * 193_750, 14_918_750, 0, None)
    ends = store.cast.ends()
    assert ends["1601"] == car.value + worn_out.value
    assert ends["1602"] == -(car.worn + worn_out.worn)
    assert ends["3001"] == -car.left
    assert matching.differences(store.cast.anna, store.cast.book) == []
    with pytest.raises(Refused, match="within the year of the books"):
        bring_in(store.cast.anna, store.cast.book, [store.new(100, acquired_on=date(2026, 1, 1))])


def test_a_work_is_depreciated_from_its_completion_on(store: Store, hands: Hands) -> None:
    payment = store.bought(6_000_000, asset_account="1613")
    work = register(store.cast.anna, payment, store.new(6_000_000, code="A0101"))[0]
    assert (work.state, work.account) == (State.BUILDING, "1613")
    assert depreciate(store.cast.anna, store.cast.book, month(8)).total == 0
    finish(store.cast.anna, work.pk, on=date(2026, 9, 15))
    assert depreciate(store.cast.anna, store.cast.book, month(9)).total == 10_000
    ends = store.cast.ends()
    assert (ends.get("1613"), ends["1601"], ends["1602"]) == (None, 6_000_000, -10_000)
    assert matching.differences(store.cast.anna, store.cast.book) == []


def test_a_hand_made_voucher_shows_as_a_difference(store: Store) -> None:
    store.card(720_000)
    voucher = ledger.Voucher.objects.filter(source_type="finance.payment").get()
    ledger.reverse(store.cast.anna, voucher, on=date(2026, 9, 15), reason="Wrong account")
    fixed = matching.matches(store.cast.anna, store.cast.book)[0]
    assert (fixed.cards, fixed.books, fixed.difference) == (720_000, 0, -720_000)
    found = matching.differences(store.cast.anna, store.cast.book)
    assert [(one.account, one.source[0], one.difference) for one in found] == [("1601", "finance.payment", -720_000)]


def test_the_database_holds_what_is_worn_within_the_value(store: Store) -> None:
    asset = store.card(720_000)
    with pytest.raises(IntegrityError, match="finance_asset_worn"), transaction.atomic():
        Asset.objects.filter(pk=asset.pk).update(worn=720_001)
