"""Needs, bids and evaluation: what is refused, and what the database refuses by itself."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from zhen.kernel.access.api import Denied
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.procurement import queries, sealing
from zhen.packs.finance.procurement.actions import evaluating, figures, needs, suppliers, tendering
from zhen.packs.finance.procurement.models import Bid, Criterion, Figure, KeyHolder, Member, Procurement, Score
from zhen.packs.finance.procurement.tests.conftest import PHRASES, WAN, Market

pytestmark = pytest.mark.django_db


# Needs


def test_what_is_not_budgeted_is_not_procured(market: Market) -> None:
    line = market.cast.funded(50 * WAN)
    market.need(line, 30 * WAN)
    with pytest.raises(Refused, match=r"the budget line has ¥200,000\.00 left"):
        market.need(line, 30 * WAN, catalogue="A99")


def test_parts_of_one_need_are_seen_explained_and_left_to_the_leaders(market: Market) -> None:
    line = market.cast.funded(500 * WAN)
    first = market.need(line, 60 * WAN)
    with pytest.raises(Refused, match=rf"with {first}（¥600,000\.00） it comes to ¥1,200,000\.00"):
        market.need(line, 60 * WAN)
    second = market.need(line, 60 * WAN, split_reason="The second house was not ours yet")
    assert (second.split_others, second.split_total) == ([first.pk], 120 * WAN)
    with pytest.raises(Denied):
        needs.approve(market.cast.bob, second.pk)
    assert needs.approve(market.cast.leo, second.pk).state == Procurement.State.APPROVED
    with pytest.raises(IntegrityError, match="finance_procurement_split_explained"), transaction.atomic():
        Procurement.objects.filter(pk=second.pk).update(split_reason="")


def test_another_method_needs_a_reason_and_the_leaders(market: Market) -> None:
    line = market.cast.funded(500 * WAN)
    with pytest.raises(Refused, match="At this amount the method is “competitive consultation”"):
        market.need(line, 150 * WAN, method="single")
    made = market.need(line, 150 * WAN, method="single", method_reason="Only one makes the part")
    with pytest.raises(Denied):
        needs.approve(market.cast.bob, made.pk)
    assert needs.approve(market.cast.leo, made.pk).method == "single"


def test_who_asks_neither_approves_nor_procures_nor_evaluates(market: Market) -> None:
    line = market.cast.funded(100 * WAN)
    made = needs.ask(
        market.cast.bob,
        line,
        needs.Need(
            title="Chairs",
            catalogue="A05",
            category="goods",
            amount=WAN,
            purpose="To sit",
            method="small",
            items=(("Chair", 1, "piece"),),
        ),
    )
    with pytest.raises(Refused, match="who asks for something does not decide on it"):
        needs.approve(market.cast.bob, made.pk)
    needs.approve(market.cast.leo, made.pk)
    with pytest.raises(Refused, match="does not evaluate the bids"):
        tendering.add_member(market.betty, made.pk, market.user("bob"))
    with pytest.raises(IntegrityError, match="who asked for the need does not evaluate"), transaction.atomic():
        Member.objects.create(procurement=made, user=market.user("bob"))
    with pytest.raises(IntegrityError, match="finance_procurement_runner"), transaction.atomic():
        Procurement.objects.filter(pk=made.pk).update(run_by=market.cast.bob.id)


def test_another_department_finds_nothing(market: Market) -> None:
    made = market.need(market.cast.funded(100 * WAN))
    assert not queries.procurements(market.cast.charlie).exists()
    assert queries.procurements(market.cast.alice).get() == made


def test_a_figure_is_confirmed_by_somebody_else(market: Market) -> None:
    given = {
        "code": "limit",
        "category": "goods",
        "level": "town",
        "amount": 50 * WAN,
        "valid_from": clock.today(),
        "source": "Notice 7",
    }
    made = figures.enter(market.betty, given)
    with pytest.raises(Refused, match="there is a figure of this level from this day on"):
        figures.enter(market.betty, given)
    with pytest.raises(IntegrityError, match="finance_figure_second_person"), transaction.atomic():
        Figure.objects.filter(pk=made.pk).update(verified_by=market.betty.id)
    assert figures.confirm(market.cast.frank, made.pk).verified_on == clock.today()
    with pytest.raises(Refused, match="At this amount the method is “competitive consultation”"):
        market.need(market.cast.funded(100 * WAN), 60 * WAN)


# Suppliers and publication


def test_who_is_excluded_or_shows_no_licence_takes_no_part(market: Market) -> None:
    made = market.approved(market.cast.funded(100 * WAN))
    firm = market.suppliers[0]
    today = clock.today()
    suppliers.exclude(
        market.cast.frank,
        firm,
        {"reason": "Bribes", "source": "Court", "valid_from": today, "valid_to": today + timedelta(days=365)},
    )
    with pytest.raises(Refused, match=r"it is excluded until .*: Bribes"):
        suppliers.invite(market.betty, made.pk, firm)
    other = market.suppliers[1]
    market.hands.go(days=800)
    with pytest.raises(Refused, match="no qualification of it is in force"):
        suppliers.invite(market.betty, made.pk, other)


def test_nothing_is_published_before_all_of_it_is_there(market: Market) -> None:
    made = market.approved(market.cast.funded(500 * WAN), 150 * WAN, method="consultation")
    with pytest.raises(Refused, match="bidders bid on documents"):
        market.published(made)
    market.prepared(made, invited=2)
    with pytest.raises(Refused, match="there must be 3 at least"):
        market.published(made)
    suppliers.invite(market.betty, made.pk, market.suppliers[2])
    with pytest.raises(Refused, match="all weights come to 100"):
        market.published(made, way="scored")
    with pytest.raises(Refused, match="bidders have until 2026-09-25 at least"):
        market.published(made, days=5)
    assert market.published(made, days=11).state == Procurement.State.TENDERING
    with pytest.raises(IntegrityError, match="criteria are fixed"), transaction.atomic():
        Criterion.objects.create(procurement=made, name="New", weight=1)


# Bids


def test_bids_are_opened_at_their_time_by_two_people(market: Market) -> None:
    made = market.tendering(market.cast.funded(100 * WAN), (28 * WAN, 27 * WAN, 29 * WAN))
    with pytest.raises(Refused, match="the opening is at 2026-10-06 10:00"):
        tendering.turn_key(market.kurt, made.pk, phrase=PHRASES[0])
    with pytest.raises(IntegrityError, match="a key is turned at the opening"), transaction.atomic():
        KeyHolder.objects.filter(procurement=made).update(turned_at=clock.now())
    assert made.opens_at is not None
    market.hands.now = made.opens_at
    with pytest.raises(Refused, match="it does not open this key"):
        tendering.turn_key(market.kurt, made.pk, phrase=PHRASES[1])
    with pytest.raises(Denied):
        tendering.turn_key(market.mia, made.pk, phrase=PHRASES[0])
    tendering.turn_key(market.kurt, made.pk, phrase=PHRASES[0])
    assert not Bid.objects.filter(price__isnull=False).exists(), "one key alone opens nothing"
    with pytest.raises(IntegrityError, match="a bid is opened at its time, by two keys"), transaction.atomic():
        Bid.objects.update(opened_at=clock.now(), price=1)
    with pytest.raises(Outdated, match="it is turned"):
        tendering.turn_key(market.kurt, made.pk, phrase=PHRASES[0])
    tendering.turn_key(market.karin, made.pk, phrase=PHRASES[1])
    assert list(Bid.objects.order_by("price").values_list("price", flat=True)) == [27 * WAN, 28 * WAN, 29 * WAN]
    with pytest.raises(IntegrityError, match="a bid never changes"), transaction.atomic():
        Bid.objects.update(price=1)


def test_a_late_bid_is_not_taken_and_a_second_one_replaces_the_first(market: Market) -> None:
    made = market.tendering(market.cast.funded(100 * WAN), (28 * WAN, 27 * WAN, 29 * WAN))
    receipt = market.bid(made, 0, 26 * WAN)
    assert [bid.in_force for bid in made.bids.filter(supplier=market.suppliers[0]).order_by("in_force")] == [
        False,
        True,
    ]
    assert made.opens_at is not None
    market.hands.now = made.opens_at
    with pytest.raises(Outdated, match="the time for bids is over"):
        market.bid(made, 1, 25 * WAN)
    late = Bid(procurement=made, supplier=market.suppliers[3], sealed=b"x", digest="0" * 64, received_at=clock.now())
    with pytest.raises(IntegrityError, match="no bid is taken for this procurement"), transaction.atomic():
        late.save(force_insert=True)
    with pytest.raises(IntegrityError, match="a bid stays"), transaction.atomic():
        Bid.objects.filter(pk=receipt.bid.pk)._raw_delete("default")  # as raw SQL would
    market.opened(made)
    receipt.bid.refresh_from_db()
    assert receipt.bid.price == 26 * WAN


def test_a_bidder_proves_his_bid_from_his_own_papers(market: Market) -> None:
    made = market.tendering(market.cast.funded(100 * WAN), (28 * WAN, 27 * WAN))
    receipt = market.bid(made, 1, 26 * WAN)
    again = sealing.Content(price=26 * WAN, days=10, statement="As asked for", salt=receipt.salt)
    assert again.digest == receipt.bid.digest
    with pytest.raises(Refused, match="number, firm and code do not belong together"):
        tendering.send_bid(
            market.betty, number=str(made), credit_code="91310000000000002B", code="guessed", price=1, days=1
        )


def test_fewer_than_three_bids_stay_closed(market: Market) -> None:
    line = market.cast.funded(500 * WAN)
    made = market.approved(line, 150 * WAN, method="consultation")
    market.prepared(made)
    market.published(made)
    market.bid(made, 0, 140 * WAN)
    market.bid(made, 1, 141 * WAN)
    made.refresh_from_db()
    assert made.opens_at is not None
    market.hands.now = made.opens_at
    with pytest.raises(Refused, match="there must be 3 at least"):
        tendering.turn_key(market.kurt, made.pk, phrase=PHRASES[0])
    tendering.fail(market.betty, made.pk, reason="Two bids only")
    assert not Bid.objects.filter(opened_at__isnull=False).exists()
    assert needs.left_of(line) == 500 * WAN, "what failed holds no money"


# Evaluation


def test_points_of_all_members_and_the_price_make_the_result(market: Market) -> None:
    made = market.tendering(market.cast.funded(100 * WAN), (28 * WAN, 27 * WAN, 29 * WAN), scored=True)
    market.opened(made)
    with pytest.raises(Refused, match="they have declared nothing yet"):
        evaluating.rank(market.betty, made.pk)
    market.declared(made)
    market.scored(made, {0: 58, 1: 40})
    with pytest.raises(Refused, match="not every bid has the points of every member yet"):
        evaluating.rank(market.betty, made.pk)
    market.scored(made, {2: 50})
    evaluating.rank(market.betty, made.pk)
    first = made.bids.get(rank=1)
    assert (str(first.supplier), first.points) == ("Firm 1", Decimal("96.57"))
    second = made.bids.get(rank=2)
    with pytest.raises(Refused, match="the evaluation puts another one first"):
        evaluating.award(market.cast.frank, made.pk, second.pk, reason="Nicer")
    assert evaluating.award(market.cast.frank, made.pk, first.pk, reason="").award_amount == 28 * WAN


def test_who_has_a_relation_steps_back_and_gives_no_points(market: Market) -> None:
    made = market.opened(market.tendering(market.cast.funded(100 * WAN), (28 * WAN, 27 * WAN), scored=True))
    evaluating.declare(market.mia, made.pk, relation="My brother works there")
    bid, criterion = made.bids.all()[0], made.criteria.get(price=False)
    with pytest.raises(Refused, match="who has a relation to a bidder does not evaluate the bids"):
        evaluating.score(market.mia, made.pk, bid.pk, {criterion.pk: Decimal(1)})
    with pytest.raises(IntegrityError, match="this score is not for this member"), transaction.atomic():
        Score.objects.create(member=made.members.get(user=market.user("mia")), bid=bid, criterion=criterion, points=1)
    with pytest.raises(Refused, match="nothing is declared yet"):
        evaluating.score(market.max, made.pk, bid.pk, {criterion.pk: Decimal(1)})
    evaluating.declare(market.max, made.pk, relation="")
    with pytest.raises(Refused, match="it is not from 0 to 60"):
        evaluating.score(market.max, made.pk, bid.pk, {criterion.pk: Decimal(61)})
    with pytest.raises(Denied):
        evaluating.declare(market.vera, made.pk, relation="")


def test_a_price_above_the_budget_is_not_valid_and_equal_ones_need_a_reason(market: Market) -> None:
    made = market.opened(market.tendering(market.cast.funded(100 * WAN), (31 * WAN, 27 * WAN, 27 * WAN)))
    market.declared(made)
    evaluating.rank(market.betty, made.pk)
    assert "above the budget" in made.bids.get(supplier=market.suppliers[0]).invalid_reason
    first, other = made.bids.filter(rank=1).order_by("pk")
    with pytest.raises(Refused, match="Several share the first rank"):
        evaluating.award(market.cast.frank, made.pk, first.pk, reason=" ")
    with pytest.raises(Denied):
        evaluating.award(market.betty, made.pk, first.pk, reason="Drawn by lot")
    assert evaluating.award(market.cast.frank, made.pk, other.pk, reason="Drawn by lot").winner == other
