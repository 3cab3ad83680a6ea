"""The approval matrix: steps of the day a paper was asked for, one signature each, and resolutions that cover."""

from __future__ import annotations

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post, a_user
from zhen.kernel.journal import api as journal
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.lib.testing import Hands
from zhen.kernel.notify.api import Message
from zhen.packs.finance.actions import budgets, payments, plans
from zhen.packs.finance.control import dated, queries, resolutions
from zhen.packs.finance.control.models import ApprovalRow, Cover, PaperKind, Resolution, Step
from zhen.packs.finance.control.tests.conftest import entered, in_force
from zhen.packs.finance.models import Payment
from zhen.packs.finance.tests.conftest import TODAY, Cast, holding

pytestmark = pytest.mark.django_db
THREE = ("unit_head", "finance_officer", "town_leader")


def test_a_payment_goes_through_the_steps_of_its_row(cast: Cast) -> None:
    in_force(cast, ["unit_head"])
    in_force(cast, THREE, amount_from=50_000)
    line = cast.funded()
    small, large = cast.ask(line, 10_000), cast.ask(line, 50_000)
    assert payments.approve(cast.bob, small.pk).state == Payment.State.APPROVED
    with pytest.raises(Refused, match="the next signature is that of: head of a unit"):
        payments.approve(cast.leo, large.pk)
    assert payments.approve(cast.bob, large.pk).state == Payment.State.ASKED
    with pytest.raises(Refused, match="you have signed it already"):
        payments.approve(cast.bob, large.pk)
    assert payments.approve(cast.frank, large.pk).state == Payment.State.ASKED
    done = payments.approve(cast.leo, large.pk)
    assert (done.state, done.approved_by_id) == (Payment.State.APPROVED, cast.leo.id)
    signed = [step.signed_by_id for step in queries.steps_of(cast.anna, done)]
    assert signed == [cast.bob.id, cast.frank.id, cast.leo.id]
    told = journal.Event.objects.filter(kind="finance.step_signed").values_list("data__step", flat=True)
    assert sorted(told) == [1, 2]


def test_whoever_signed_a_step_does_not_pay(cast: Cast) -> None:
    in_force(cast, ["unit_head", "finance_officer"])
    payment = cast.ask(cast.funded(), 10_000)
    payments.approve(cast.bob, payment.pk)
    payments.approve(cast.frank, payment.pk)
    bob_as_cashier = Actor(kind=cast.bob.kind, id=cast.bob.id, name="Bob", grants=cast.carla.grants)
    with pytest.raises(Refused, match="N09"):
        payments.pay(bob_as_cashier, payment.pk, on=TODAY, bank_reference="B-1")
    with pytest.raises(IntegrityError, match="finance_step_one_person"), transaction.atomic():
        Step.objects.filter(paper=payment.pk).update(signed_by=cast.bob.id)


def test_a_paper_keeps_the_row_of_the_day_it_was_asked_for(cast: Cast, hands: Hands) -> None:
    line = cast.funded()
    before = cast.ask(line, 10_000)
    in_force(cast, ["unit_head", "finance_officer"])
    after = cast.ask(line, 10_000)
    hands.go(days=1)
    in_force(cast, ["unit_head"], day=TODAY + timedelta(days=1))
    assert payments.approve(cast.bob, before.pk).state == Payment.State.APPROVED
    assert payments.approve(cast.bob, after.pk).state == Payment.State.ASKED
    held = ApprovalRow.objects.order_by("valid_from")
    assert [row.valid_to for row in held] == [TODAY + timedelta(days=1), None]


def test_who_is_next_is_told_once_and_finds_it_in_his_list(cast: Cast) -> None:
    in_force(cast, ["unit_head", "finance_officer"])
    bob, frank = (User.objects.get(pk=actor.id or 0) for actor in (cast.bob, cast.frank))
    a_post(bob, "unit_head", cast.office)
    a_post(frank, "finance_officer", cast.other)
    a_post(a_user("stranger"), "unit_head", cast.other)
    payment = cast.ask(cast.funded(), 10_000)
    told = Message.objects.filter(template="finance.to_sign")
    assert [message.recipient for message in told] == [bob]
    assert [step.paper for step in queries.to_sign(cast.bob)] == [payment.pk]
    assert not queries.to_sign(cast.frank).exists()
    payments.approve(cast.bob, payment.pk)
    assert {message.recipient for message in told.all()} == {bob, frank}
    assert [step.position for step in queries.to_sign(cast.frank)] == [2]
    payments.refuse(cast.frank, payment.pk, reason="Too dear")
    assert not queries.to_sign(cast.frank).exists()


def test_plans_and_adjustments_have_steps_too(cast: Cast) -> None:
    line = cast.funded()
    in_force(cast, ["finance_officer", "town_leader"], kind="change")
    change = budgets.ask_change(cast.anna, before=None, after=line, amount=500, reason="More", resolution="2/2026")
    assert budgets.decide_change(cast.frank, change.pk, approve=True).state == "asked"
    assert budgets.decide_change(cast.leo, change.pk, approve=True).state == "approved"
    in_force(cast, ["finance_officer"], kind="plan")
    plan = plans.ask_plan(cast.alice, line, month=10, method="authorised", amount=100)
    with pytest.raises(Refused, match="the next signature is that of"):
        plans.decide_plan(cast.anna, plan.pk, approve=True)
    assert plans.decide_plan(cast.frank, plan.pk, approve=True).state == "approved"


def test_a_row_is_put_in_force_by_another_for_days_to_come(cast: Cast) -> None:
    given = {"kind": "payment", "amount_from": 0, "steps": ["unit_head"], "resolution": False, "source": "Rules"}
    with pytest.raises(Refused, match="what has been is not ruled anew"):
        dated.propose_row(cast.frank, valid_from=TODAY - timedelta(days=1), **given)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="different roles"):
        dated.propose_row(cast.frank, valid_from=TODAY, **given | {"steps": ["unit_head"] * 2})  # type: ignore[arg-type]
    row = dated.propose_row(cast.frank, valid_from=TODAY, **given)  # type: ignore[arg-type]
    payment = cast.ask(cast.funded(), 10_000)
    assert not Step.objects.exists(), "a draft holds for nothing"
    assert [tried.payment for tried in queries.preview(cast.frank, row)] == [payment]
    dated.approve(cast.leo, row)
    with pytest.raises(Outdated):
        dated.approve(cast.leo, row)
    with pytest.raises(IntegrityError, match="finance_matrix_once"), transaction.atomic():
        ApprovalRow.objects.create(**given, valid_from=TODAY, draft=False)


def test_a_large_sum_waits_for_a_resolution_with_enough_left(cast: Cast, paula: Actor, adviser: Actor) -> None:
    in_force(cast, ["unit_head"], resolution=True)
    line = cast.funded()
    payment, other = cast.ask(line, 60_000), cast.ask(line, 30_000)
    with pytest.raises(Refused, match="needs a collective decision"):
        payments.approve(cast.bob, payment.pk)
    resolution = entered(paula, 80_000)
    with pytest.raises(Refused, match="the legal adviser has not agreed"):
        resolutions.cover(cast.alice, resolution, PaperKind.PAYMENT, payment.pk)
    resolutions.review(adviser, resolution, lawful=True, opinion="In order")
    resolutions.cover(cast.alice, resolution, PaperKind.PAYMENT, payment.pk)
    with pytest.raises(Refused, match=r"only ¥200\.00 of it are left"):
        resolutions.cover(cast.alice, resolution, PaperKind.PAYMENT, other.pk)
    with pytest.raises(Outdated, match="covers it already"):
        resolutions.cover(cast.alice, resolution, PaperKind.PAYMENT, payment.pk)
    assert payments.approve(cast.bob, payment.pk).state == Payment.State.APPROVED
    with pytest.raises(IntegrityError, match="finance_resolution_left"), transaction.atomic():
        Resolution.objects.update(used=80_001)


def test_a_refused_paper_gives_its_resolution_back(cast: Cast, paula: Actor, adviser: Actor) -> None:
    in_force(cast, ["unit_head"], resolution=True)
    payment = cast.ask(cast.funded(), 60_000)
    resolution = resolutions.review(adviser, entered(paula, 60_000), lawful=True, opinion="In order")
    resolutions.cover(cast.alice, resolution, PaperKind.PAYMENT, payment.pk)
    payments.withdraw(cast.alice, payment.pk, reason="Not needed")
    resolution.refresh_from_db()
    assert (resolution.used, Cover.objects.count(), Step.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"votes_for": 3, "votes_against": 3}, "it is not more than half"),
        ({"present": 5}, "7 have voted"),
        ({"held_on": TODAY + timedelta(days=1)}, "it lies ahead"),
        ({"amount": 0}, "it is not above zero"),
    ],
)
def test_what_was_not_carried_is_no_resolution(cast: Cast, paula: Actor, given: dict[str, object], reason: str) -> None:
    whole = {
        "number": "1", "meeting": "Meeting", "held_on": TODAY, "members": "All", "present": 7, "votes_for": 5,
        "votes_against": 1, "abstentions": 1, "text": "Yes", "amount": 100, "file": None,
    }  # fmt: skip
    with pytest.raises(Refused, match=reason):
        resolutions.enter(paula, whole | given)
    resolutions.enter(paula, whole)
    with pytest.raises(Refused, match="it is entered already"):
        resolutions.enter(paula, whole)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_use_no_more_than_was_resolved(cast: Cast, paula: Actor, adviser: Actor) -> None:
    in_force(cast, ["unit_head"], resolution=True)
    line = cast.funded()
    papers = [cast.ask(line, 10_000).pk for _number in range(8)]
    resolution = resolutions.review(adviser, entered(paula, 30_000), lawful=True, opinion="In order")
    barrier, outcomes = Barrier(8), []

    def cover(paper: int) -> None:
        barrier.wait()
        try:
            resolutions.cover(cast.alice, resolution, PaperKind.PAYMENT, paper)
            outcomes.append("covered")
        except Refused:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [Thread(target=cover, args=(paper,)) for paper in papers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    resolution.refresh_from_db()
    assert (outcomes.count("covered"), resolution.used, Cover.objects.count()) == (3, 30_000, 3)


def test_a_stranger_neither_reads_nor_covers(cast: Cast, paula: Actor, adviser: Actor) -> None:
    payment = cast.ask(cast.funded(), 10_000)
    resolution = resolutions.review(adviser, entered(paula), lawful=True, opinion="In order")
    with pytest.raises(Outdated):
        resolutions.cover(cast.charlie, resolution, PaperKind.PAYMENT, payment.pk)
    assert not queries.rows(cast.charlie).exists()
    assert not queries.resolutions(holding(a_user("dora"), "counter_clerk", cast.office)).exists()
