"""A procurement from the need to the release of the retention money, each step by somebody else."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from zhen.kernel.cases import api as cases
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.actions import payments
from zhen.packs.finance.models import Payment
from zhen.packs.finance.procurement import objections
from zhen.packs.finance.procurement.actions import contracts, evaluating
from zhen.packs.finance.procurement.models import Acceptance, Procurement
from zhen.packs.finance.procurement.tests.conftest import WAN, Market

pytestmark = pytest.mark.django_db


def test_a_procurement_goes_from_the_need_to_the_payment(market: Market) -> None:
    line = market.cast.funded(100 * WAN)
    procurement = market.awarded(line)
    assert (procurement.award_amount, str(procurement.winner.supplier)) == (27 * WAN, "Firm 2")  # type: ignore[union-attr]
    today = clock.today()
    contract = market.signed(
        procurement,
        parts=(
            contracts.Part(name="Ahead", due_on=today, amount=7 * WAN, ahead=True),
            contracts.Part(name="Rest", due_on=today, amount=19 * WAN),
        ),
        retention=1 * WAN,
        retention_months=1,
    )
    ahead, rest, retained = contract.instalments.order_by("number")
    first = contracts.ask_payment(market.cast.alice, ahead.pk, kind="expense", method="authorised")
    with pytest.raises(Refused, match="what was delivered is not accepted yet"):
        contracts.ask_payment(market.cast.alice, rest.pk, kind="expense", method="authorised")
    contracts.accept(market.vera, contract.pk, on=today, findings="30 printers, all print")
    second = contracts.ask_payment(market.cast.alice, rest.pk, kind="expense", method="authorised")
    assert (second.amount, second.withheld, second.retention_due) == (19 * WAN, 1 * WAN, retained.due_on)
    for payment in (first, second):
        payments.approve(market.cast.bob, payment.pk)
        payments.pay(market.cast.carla, payment.pk, on=today, bank_reference="B-1")
    with pytest.raises(Refused, match="the term of the retention money ends on"):
        contracts.ask_payment(market.cast.alice, retained.pk, kind="expense", method="authorised")
    market.hands.go(days=70)
    third = contracts.ask_payment(market.cast.alice, retained.pk, kind="expense", method="authorised")
    assert (third.kind, third.amount) == ("retention", 1 * WAN)
    with pytest.raises(Outdated, match="is asked for"):
        contracts.ask_payment(market.cast.alice, retained.pk, kind="expense", method="authorised")
    connection.check_constraints()
    assert not list(ledger.verify())


def test_a_payment_that_was_refused_is_asked_for_again(market: Market) -> None:
    procurement = market.awarded(market.cast.funded(100 * WAN))
    contract = market.signed(procurement)
    contracts.accept(market.vera, contract.pk, on=clock.today(), findings="Seen")
    (part,) = contract.instalments.all()
    first = contracts.ask_payment(market.cast.alice, part.pk, kind="expense", method="authorised")
    payments.refuse(market.cast.bob, first.pk, reason="The invoice is missing")
    second = contracts.ask_payment(market.cast.alice, part.pk, kind="expense", method="authorised")
    part.refresh_from_db()
    assert part.payment == second


def test_who_procures_drafts_or_pays_does_not_accept(market: Market) -> None:
    contract = market.signed(market.awarded(market.cast.funded(100 * WAN)))
    buyer_who_accepts = market.betty.__class__(
        kind=market.betty.kind,
        id=market.betty.id,
        name=market.betty.name,
        grants=(*market.betty.grants, *market.vera.grants),
    )
    with pytest.raises(Refused, match="who procures does not accept the delivery"):
        contracts.accept(buyer_who_accepts, contract.pk, on=clock.today(), findings="Seen")
    cashier_who_accepts = market.cast.carla.__class__(
        kind=market.cast.carla.kind,
        id=market.cast.carla.id,
        name="carla",
        grants=(*market.cast.carla.grants, *market.vera.grants),
    )
    with pytest.raises(Refused, match="who makes payments does not accept deliveries"):
        contracts.accept(cashier_who_accepts, contract.pk, on=clock.today(), findings="Seen")
    with pytest.raises(IntegrityError, match="finance_acceptance_other_person"), transaction.atomic():
        Acceptance.objects.create(
            contract=contract,
            procured_by_id=market.betty.id,
            accepted_by_id=market.betty.id,
            on=clock.today(),
            findings="Seen",
        )


def test_the_database_lets_nobody_pay_for_what_he_accepted(market: Market) -> None:
    contract = market.signed(market.awarded(market.cast.funded(100 * WAN)))
    contracts.accept(market.vera, contract.pk, on=clock.today(), findings="Seen")
    (part,) = contract.instalments.all()
    payment = contracts.ask_payment(market.cast.alice, part.pk, kind="expense", method="authorised")
    with pytest.raises(IntegrityError, match="who accepted the delivery does not pay for it"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(paid_by=market.vera.id)
    done = [before(payment) for before in payments.DONE_BEFORE]
    assert {"delivery.accept": [market.vera.id]} in done, "and it is refused in words before"


def test_a_contract_is_within_the_award_and_comes_to_its_parts(market: Market) -> None:
    procurement = market.awarded(market.cast.funded(100 * WAN))
    with pytest.raises(Refused, match=r"the award is ¥270,000.00"):
        contracts.draft(market.betty, procurement.pk, market.terms(27 * WAN + 1))
    short = (contracts.Part(name="Part", due_on=clock.today(), amount=26 * WAN),)
    with pytest.raises(Refused, match="with the retention money they come to"):
        contracts.draft(market.betty, procurement.pk, market.terms(27 * WAN, parts=short))
    with pytest.raises(Refused, match=r"it is at most ¥27,000.00, and has a term"):
        contracts.draft(market.betty, procurement.pk, market.terms(27 * WAN, retention=3 * WAN, retention_months=12))
    market.hands.go(days=40)
    with pytest.raises(Refused, match="say why it is late"):
        contracts.draft(market.betty, procurement.pk, market.terms(27 * WAN))


def test_three_people_make_a_contract(market: Market) -> None:
    procurement = market.awarded(market.cast.funded(100 * WAN))
    made = contracts.draft(market.betty, procurement.pk, market.terms(27 * WAN))
    with pytest.raises(Outdated, match="it is draft"):
        contracts.sign(market.cast.leo, made.pk, on=clock.today())
    with pytest.raises(IntegrityError, match="finance_contract_legal_review"), transaction.atomic():
        type(made).objects.filter(pk=made.pk).update(reviewed_by=market.betty.id)


def test_additions_stay_within_their_share(market: Market) -> None:
    contract = market.signed(market.awarded(market.cast.funded(100 * WAN)))
    change = contracts.ask_change(market.betty, contract.pk, amount=2 * WAN, reason="Two more printers")
    with pytest.raises(Refused, match=r"all additions come to at most 10% of the price: ¥7,000.00 is left"):
        contracts.ask_change(market.betty, contract.pk, amount=WAN, reason="One more")
    contracts.decide_change(market.cast.leo, change.pk, approve=True)
    assert contract.instalments.latest("number").amount == 2 * WAN


def test_an_objection_holds_the_contract_and_may_take_the_award_back(market: Market) -> None:
    procurement = market.awarded(market.cast.funded(100 * WAN))
    objection = objections.receive(market.betty, procurement.pk, market.suppliers[0], text="Mine prints as well")
    with pytest.raises(Refused, match="is not answered"):
        contracts.draft(market.betty, procurement.pk, market.terms(27 * WAN))
    case = objection.case
    cases.move(market.cast.frank, case.pk, case.revision, "uphold", cases.Move(result="True: it prints"))
    procurement.refresh_from_db()
    assert (procurement.state, procurement.winner) == (Procurement.State.OPENED, None)
    evaluating.rank(market.betty, procurement.pk)
    with pytest.raises(Outdated, match="it is evaluated"):
        objections.receive(market.betty, procurement.pk, market.suppliers[0], text="Again")


def test_an_objection_has_its_time_and_is_for_who_took_part(market: Market) -> None:
    procurement = market.awarded(market.cast.funded(100 * WAN))
    with pytest.raises(Refused, match="it did not take part"):
        objections.receive(market.betty, procurement.pk, market.suppliers[3], text="I would have")
    market.hands.go(days=40)
    with pytest.raises(Refused, match="its time ended on"):
        objections.receive(market.betty, procurement.pk, market.suppliers[0], text="Too late")
