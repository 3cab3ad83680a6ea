"""The auditor: samples that anybody can repeat, the whole way of a payment, notes; and nothing he could change."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.access.api import ACTIONS, ROLES, Actor, Denied, permissions_of
from zhen.kernel.cases.api import Move, move
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import typesetting
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance.actions import payments
from zhen.packs.finance.control import auditing, rules, tracing
from zhen.packs.finance.control.models import Sample
from zhen.packs.finance.control.tests.conftest import in_force
from zhen.packs.finance.models import Payment
from zhen.packs.finance.tests.conftest import TODAY, Cast

POPULATIONS = st.lists(st.integers(1, 10**9), min_size=1, max_size=60).map(lambda amounts: list(enumerate(amounts, 1)))


@given(population=POPULATIONS, size=st.integers(1, 80), seed=st.text(min_size=6, max_size=20))
def test_a_draw_is_the_same_whenever_it_is_repeated(population: list[tuple[int, int]], size: int, seed: str) -> None:
    for way in (rules.random_sample, rules.monetary_sample):
        drawn = way(population, size, seed)
        assert drawn == way(population, size, seed)
        assert len(set(drawn)) == len(drawn)
        assert set(drawn) <= {key for key, _amount in population}
    assert len(rules.random_sample(population, size, seed)) == min(size, len(population))


@given(population=POPULATIONS, size=st.integers(1, 80), seed=st.text(min_size=6, max_size=20))
def test_what_is_as_large_as_the_interval_is_always_drawn(
    population: list[tuple[int, int]], size: int, seed: str
) -> None:
    interval = max(1, sum(amount for _key, amount in population) // size)
    drawn = set(rules.monetary_sample(population, size, seed))
    assert {key for key, amount in population if amount >= interval} <= drawn


def test_each_yuan_has_the_same_chance() -> None:
    population = [(1, 100), (2, 300), (3, 600)]
    hits = Counter(key for seed in range(2000) for key in rules.monetary_sample(population, 1, f"seed {seed}"))
    assert abs(hits[1] - 200) < 60
    assert abs(hits[3] - 1200) < 90


@pytest.mark.django_db
def test_a_sample_is_frozen_before_its_seed_and_drawn_once(cast: Cast, auditor: Actor) -> None:
    line = cast.funded()
    paid = [cast.paid(cast.ask(line, amount)) for amount in (5_000, 60_000)]
    cast.ask(line, 10_000)
    sample = auditing.freeze(
        auditor, cast.book, method=Sample.Method.MONETARY, first=TODAY, last=TODAY, size=1, purpose="Third quarter"
    )
    assert (sample.count, sample.total) == (2, 65_000)
    assert sample.digest == rules.digest([(paid[0].pk, 5_000), (paid[1].pk, 60_000)])
    with pytest.raises(Refused, match="fewer than 6 characters"):
        auditing.draw(auditor, sample, seed="1", seed_from="Nobody")
    sample = auditing.draw(auditor, sample, seed="03 08 17 22 31", seed_from="Lottery of today")
    assert sample.drawn == rules.monetary_sample([(paid[0].pk, 5_000), (paid[1].pk, 60_000)], 1, "03 08 17 22 31")
    with pytest.raises(Outdated, match="it is drawn already"):
        auditing.draw(auditor, sample, seed="another seed", seed_from="Lottery of today")


@pytest.mark.django_db
def test_a_trace_leads_from_the_books_to_the_seal(cast: Cast, auditor: Actor) -> None:
    in_force(cast, ["unit_head", "finance_officer"])
    payment = cast.ask(cast.funded(), 30_000)
    payments.approve(cast.bob, payment.pk)
    payments.approve(cast.frank, payment.pk)
    payment = payments.pay(cast.carla, payment.pk, on=TODAY, bank_reference="B-1")
    accounts = [one.line.account.code for one in tracing.posted(auditor, payment)]
    assert accounts == ["5001", "1011", "7101", "8001.01"]
    kinds = [one.entry.kind for one in tracing.events(auditor, payment)]
    assert kinds[0] == "finance.payment_asked"
    assert {"finance.step_signed", "finance.payment_approved", "ledger.posted", "finance.payment_paid"} <= set(kinds)
    assert all(one.seal is None for one in tracing.events(auditor, payment))
    with pytest.raises(Denied):
        tracing.payment_for(cast.alice, str(payment.pk))


@pytest.mark.django_db
@pytest.mark.skipif(not typesetting.font_paths(), reason="the assets with the documents' font are not built")
def test_a_trace_is_printed_and_the_journal_knows(cast: Cast, auditor: Actor) -> None:
    payment = cast.paid(cast.ask(cast.funded(), 30_000))
    made = auditing.paper(auditor, payment)
    assert made.data.startswith(b"%PDF-")
    assert journal.Event.objects.filter(kind="finance.trace_printed").count() == 1


@pytest.mark.django_db
def test_a_note_is_answered_by_others_and_settled_by_the_auditor(cast: Cast, auditor: Actor) -> None:
    payment = cast.paid(cast.ask(cast.funded(), 30_000))
    case = auditing.note(auditor, payment, title="No slip", text="The slip is not there")
    with pytest.raises(Denied):
        move(auditor, case.pk, case.revision, "answer", Move(result="I answer myself"))
    case = move(cast.frank, case.pk, case.revision, "answer", Move(result="Here it is"))
    case = move(auditor, case.pk, case.revision, "settle", Move(outcome="explained"))
    assert (case.state, case.outcome, case.open) == ("settled", "explained", False)
    assert Payment.objects.get(pk=payment.pk).state == Payment.State.PAID


def test_the_auditor_reads_and_changes_no_paper() -> None:
    held = permissions_of(ROLES["finance.auditor"])
    writing = {spec.permission for spec in ACTIONS.values() if spec.permission} & held
    assert writing == {"finance.audit.do"}
