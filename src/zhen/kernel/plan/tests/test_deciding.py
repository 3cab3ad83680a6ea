"""Deciding on findings: promises come from confirmations; undo is exact; nobody loses work."""

from datetime import date
from decimal import Decimal

import pytest

from zhen.kernel.access.api import Denied
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.plan.actions.findings import Edit, add_finding, confirm, edit, edited, reject, seen, undo
from zhen.kernel.plan.actions.measures import report_measure
from zhen.kernel.plan.models import Decision, Finding, Measure, Target
from zhen.kernel.plan.testing import a_plan, alice, bob, charlie, the_finding, town_units

pytestmark = pytest.mark.django_db


def again(finding: Finding) -> Finding:
    return Finding.objects.get(pk=finding.pk)


def test_a_confirmed_target_promises_what_the_sentence_says() -> None:
    finding = the_finding(a_plan(), "税收")
    confirm(alice(), seen([finding]))
    target = Target.objects.get()
    assert (target.comparator, target.value, target.unit, target.kind) == ("=", Decimal(6), "%", "change")
    assert target.due_on == date(2024, 12, 31)
    assert target.confirmed_by_name == "Alice"
    assert again(finding).state == Finding.State.CONFIRMED


def test_owners_are_matched_with_the_towns_units_and_kept_as_written() -> None:
    units = town_units()
    finding = the_finding(a_plan(), "智能科技产业园", kind="measure")
    confirm(alice(), seen([finding]))
    measure = Measure.objects.get()
    assert measure.lead_unit == units["经济发展办公室"]
    assert [(r.written, r.role) for r in measure.responsibilities.all()] == [
        ("经济发展办公室", "lead"),
        ("财政所", "cooperating"),
    ]


def test_a_target_finds_the_measure_that_it_stands_in_whichever_is_confirmed_first() -> None:
    imported = a_plan()
    target = the_finding(imported, "屋面")
    assert target.within is not None
    confirm(alice(), seen([target]))
    confirm(alice(), seen([target.within]))
    assert Target.objects.get().measure == Measure.objects.get()


def test_all_findings_are_confirmed_in_one_step_and_undone_in_one_step() -> None:
    version = a_plan().version
    everything = seen(version.findings.all())
    confirm(alice(), everything)
    assert Measure.objects.count() + Target.objects.count() == len(everything)
    undone = undo(alice(), version.pk)
    assert len(undone) == len(everything)
    assert not Measure.objects.exists()
    assert not Target.objects.exists()
    assert {f.state for f in version.findings.all()} == {Finding.State.PROPOSED}


def test_undo_goes_back_step_by_step() -> None:
    finding = the_finding(a_plan(), "税收")
    confirm(alice(), seen([finding]))
    finding = again(finding)
    edit(alice(), finding.pk, finding.revision, edited(finding, value=Decimal(7)))
    assert Target.objects.get().value == 7
    undo(alice(), finding.version_id)
    assert Target.objects.get().value == 6
    assert again(finding).state == Finding.State.CONFIRMED
    undo(alice(), finding.version_id)
    assert not Target.objects.exists()
    with pytest.raises(Refused, match="could be undone"):
        undo(alice(), finding.version_id)


def test_undo_never_takes_back_what_another_reviewer_decided_later() -> None:
    finding = the_finding(a_plan(), "税收")
    confirm(alice(), seen([finding]))
    reject(bob(), seen([again(finding)]))
    with pytest.raises(Outdated, match="Bob"):
        undo(alice(), finding.version_id)
    assert again(finding).state == Finding.State.REJECTED


def test_a_reviewer_who_saw_an_older_state_is_told_and_nothing_is_written() -> None:
    version = a_plan().version
    as_alice_saw_it = seen(version.findings.all())
    reject(bob(), seen([version.findings.earliest("start")]))
    with pytest.raises(Outdated) as outdated:
        confirm(alice(), as_alice_saw_it)
    assert outdated.value.status == 409
    assert "Bob" in str(outdated.value)
    assert not Measure.objects.exists()
    assert Decision.objects.count() == 1


def test_confirming_what_is_confirmed_changes_nothing() -> None:
    finding = the_finding(a_plan(), "税收")
    confirm(alice(), seen([finding]))
    confirm(bob(), seen([again(finding)]))
    assert again(finding).decided_by_name == "Alice"


def test_a_measure_that_was_reported_on_cannot_be_rejected() -> None:
    finding = the_finding(a_plan(), "智能科技产业园", kind="measure")
    confirm(alice(), seen([finding]))
    measure = Measure.objects.get()
    report_measure(alice(), measure.pk, measure.revision, state="under_way")
    with pytest.raises(Refused, match="智能科技产业园"):
        reject(alice(), seen([again(finding)]))
    assert Measure.objects.exists()


def test_a_range_needs_both_ends() -> None:
    finding = the_finding(a_plan(), "税收")
    changes = edited(finding, comparator="range", value=Decimal(6), value_high=Decimal(5))
    with pytest.raises(Refused) as refused:
        edit(alice(), finding.pk, finding.revision, changes)
    assert str(refused.value.field) == "upper value"


def test_what_the_grammar_missed_is_added_from_a_selection() -> None:
    version = a_plan().version
    start = version.text.index("持续优化产业结构")
    finding = add_finding(alice(), version.pk, kind="measure", start=start, end=start + 9, changes=Edit())
    assert finding.text == "持续优化产业结构。"
    assert finding.section is not None
    assert Measure.objects.get().text == "持续优化产业结构。"
    undo(alice(), version.pk)
    assert not Measure.objects.exists()


def test_a_selection_outside_the_text_is_refused() -> None:
    version = a_plan().version
    size = len(version.text)
    with pytest.raises(Refused):
        add_finding(alice(), version.pk, kind="measure", start=size - 1, end=size + 9, changes=Edit())


def test_a_stranger_decides_on_nothing() -> None:
    finding = the_finding(a_plan(), "税收")
    for decide in (confirm, reject):
        with pytest.raises(Denied):
            decide(charlie(), seen([finding]))


def test_a_measure_at_risk_needs_a_reason() -> None:
    finding = the_finding(a_plan(), "智能科技产业园", kind="measure")
    confirm(alice(), seen([finding]))
    measure = Measure.objects.get()
    with pytest.raises(Refused) as refused:
        report_measure(alice(), measure.pk, measure.revision, state="at_risk")
    assert str(refused.value.field) == "note"
    with pytest.raises(Outdated):
        report_measure(alice(), measure.pk, measure.revision + 1, state="done")
