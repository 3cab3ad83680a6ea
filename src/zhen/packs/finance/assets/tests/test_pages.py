"""The pages of assets: each opens with few queries, and the way from a payment to a card, a label and a disposal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import uuid4

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Case
from zhen.kernel.lib import clock
from zhen.kernel.rounds import api as rounds
from zhen.packs.finance.assets import printing, queries
from zhen.packs.finance.assets.actions import disposing, letting, moving
from zhen.packs.finance.assets.actions.wear import depreciate
from zhen.packs.finance.assets.checking import SOURCE, STOCKTAKING, there
from zhen.packs.finance.assets.models import Asset, Disposal, Transfer, WearRun
from zhen.packs.finance.assets.tests.conftest import Store
from zhen.packs.finance.tests.test_pages import signed_in, url

pytestmark = pytest.mark.django_db
MOST = 60
TODAY = date(2026, 9, 15)


def test_each_page_opens_with_few_queries(store: Store, django_assert_max_num_queries: Callable[..., object]) -> None:
    first, second = store.old(720_000), store.old(60_000_000, code="A0101", acquired_on=date(2010, 1, 1))
    depreciate(store.cast.anna, store.cast.book, date(2026, 8, 1))
    moving.hand_over(
        store.kim, second.pk, unit_id=store.cast.other.pk, keeper_id=None, place_id=None, spot="", reason=""
    )
    disposal = disposing.ask_disposal(store.cast.alice, first.pk, kind="scrapped", reason="Old")
    lease = letting.ask_lease(
        store.cast.alice, second.pk, tenant="T", contract="1", starts_on=TODAY, ends_on=date(2027, 1, 1), rent=100
    )
    letting.decide_lease(store.cast.leo, lease.pk, approve=True)
    pages = [
        url("assets"),
        url("asset", first.pk),
        url("asset", second.pk),
        url("uncarded"),
        url("asset_classes"),
        url("depreciation"),
        url("wear_run", WearRun.objects.get().pk),
        url("transfers"),
        url("transfer", Transfer.objects.get().pk),
        url("disposals"),
        url("disposal", disposal.pk),
        url("leases"),
        url("lease", lease.pk),
        url("asset_matching"),
    ]
    anna = signed_in(store.cast, store.cast.anna, "finance.accountant")
    for address in pages:
        with django_assert_max_num_queries(MOST):  # type: ignore[attr-defined]
            assert anna.get(address).status_code == 200, address
    charlie = signed_in(store.cast, store.cast.charlie, "unit_clerk")
    assert charlie.get(url("asset", first.pk)).status_code == 404, "another unit's"
    assert charlie.get(url("asset_matching")).status_code == 403


def test_from_a_payment_to_a_card_to_a_disposal_by_the_pages(store: Store) -> None:
    payment = store.bought(720_000)
    anna = signed_in(store.cast, store.cast.anna, "finance.accountant")
    said = {
        "name": "电脑", "asset_class": str(store.new(1).asset_class.pk), "count": "2", "value": "7200",
        "acquired_on": "2026-09-15", "unit": store.cast.office.pk, "keeper": store.kim.user_id, "spot": "3楼",
    }  # fmt: skip
    assert anna.post(url("asset_new", payment.pk), {**said, "value": "7200.01"}).status_code == 422
    assert anna.post(url("asset_new", payment.pk), said).status_code == 302
    assert [asset.value for asset in Asset.objects.all()] == [360_000, 360_000]
    assert anna.post(url("depreciate"), {"book": store.cast.book.pk, "month": "8"}).status_code == 302
    asset = Asset.objects.order_by("pk")[0]
    alice = signed_in(store.cast, store.cast.alice, "unit_clerk")
    assert alice.post(url("disposal_new", asset.pk), {"kind": "sold", "reason": "换新"}).status_code == 302
    disposal = Disposal.objects.get()
    assert alice.get(url("disposal_approve", disposal.pk)).status_code == 403
    leo = signed_in(store.cast, store.cast.leo, "town_leader")
    assert leo.post(url("disposal_approve", disposal.pk), {"decision": ""}).status_code == 302
    sale = {"on": "2026-09-15", "proceeds": "100", "costs": ""}
    assert anna.post(url("disposal_record", disposal.pk), sale).status_code == 302
    disposal.refresh_from_db()
    assert (disposal.state, disposal.due) == (Disposal.State.DONE, 10_000)


def test_a_label_is_a_paper_with_a_code(store: Store) -> None:
    asset = store.old(720_000)
    kim = signed_in(store.cast, store.kim, "unit_clerk")
    answer = kim.get(url("asset_label", asset.pk))
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    assert len(printing.labels(list(Asset.objects.select_related("unit", "books")))) > 1_000


def test_what_is_to_be_there_is_what_is_on_the_books(store: Store) -> None:
    here, gone = store.old(720_000), store.old(720_000)
    Asset.objects.filter(pk=gone.pk).update(state="gone", gone_on=date(2026, 9, 1))
    assert [one.key for one in there({"unit": str(store.cast.office.pk)}, TODAY)] == [str(here.pk)]
    assert list(there({"unit": str(store.cast.other.pk)}, TODAY)) == []


def test_stock_taking_tells_what_is_missing_and_what_is_broken(store: Store) -> None:
    for _number in range(3):
        store.old(720_000)
    rounds.lay_checklists()
    system = Actor.system("test")
    new = rounds.NewCampaign(
        title="年度盘点", checklist=STOCKTAKING, source=SOURCE, unit_id=store.cast.office.pk, starts_on=TODAY,
        ends_on=TODAY, inspectors={store.kim.user_id or 0: None},
    )  # fmt: skip
    campaign = rounds.start_campaign(system, rounds.make_campaign(system, new))
    rounds.plan_round(system, campaign, TODAY)
    seen = {"found": "yes", "condition": "broken", "place": "yes", "label": "yes", "surplus": "no"}
    for visit, answers in zip(
        rounds.Visit.objects.order_by("subject"), ({"found": "no", "surplus": "no"}, seen), strict=False
    ):
        version = rounds.in_use(visit.checklist)
        assert version is not None
        record = rounds.Record(
            id=uuid4(), visit=visit.pk, checklist=visit.checklist, version=version.number, outcome="seen",
            started_at=clock.now(), ended_at=clock.now(), answers=answers,
        )  # fmt: skip
        rounds.record(system, record, {})
    titles = sorted(Case.objects.filter(type="finance.asset_finding").values_list("title", flat=True))
    assert [title.partition("：")[2] for title in titles] == ["盘亏：账上有、实物未找到", "损坏、待报废"]
    visits = list(queries.seen_in(store.cast.bob, campaign))
    assert len(visits) == 3, "what is looked at again is no asset more"
    assert printing.counts(visits) == {"found": 1, "condition": 1, "surplus": 0}
    bob = signed_in(store.cast, store.cast.bob, "unit_head")
    page = bob.get(url("stocktaking", campaign.pk)).content.decode()
    assert [word for word in ("盘亏", "损坏、待报废", "未盘点") if word not in page] == []
    assert bob.get(url("stock_sheet", campaign.pk)).content[:5] == b"%PDF-"
    waiting = next(visit for visit in visits if visit.state == rounds.Visit.State.PLANNED)
    asset = bob.get(url("asset", waiting.subject.ref)).content.decode()
    assert f"/field/visits/{waiting.pk}/" in asset, "a scanned label leads to the visit that waits"
