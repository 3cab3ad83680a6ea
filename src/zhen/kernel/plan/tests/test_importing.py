"""Importing plans: what is stored, once, with offsets that hold."""

from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan.actions.documents import Description, import_document, publish
from zhen.kernel.plan.models import Document, DocumentVersion, Finding, Measure, Section, Target
from zhen.kernel.plan.queries.overview import documents
from zhen.kernel.plan.testing import TEXT, a_plan, alice, bob, charlie, confirmed, the_finding
from zhen.kernel.plan.tests.shared import shared_folder

pytestmark = pytest.mark.django_db


def test_a_plan_becomes_chapters_and_findings_whose_offsets_hold() -> None:
    version = a_plan().version
    assert [s.title for s in version.sections.filter(parent=None)] == [
        "稳中求进，推动经济发展",
        "聚焦重点，提升城市建设",
    ]
    for finding in version.findings.all():
        assert version.text[finding.start : finding.end] == finding.text
    assert version.findings.filter(kind="target").count() == 3


def test_nothing_is_a_promise_before_a_person_has_confirmed_it() -> None:
    version = a_plan().version
    assert version.findings.exists()
    assert not Measure.objects.exists()
    assert not Target.objects.exists()
    assert set(version.findings.values_list("state", flat=True)) == {Finding.State.PROPOSED}


def test_the_same_file_comes_in_once() -> None:
    first, second = a_plan(), a_plan(file_name="copy.txt")
    assert first.version == second.version
    assert (first.new, second.new) == (True, False)
    assert DocumentVersion.objects.count() == 1


def test_a_text_never_changes() -> None:
    version = a_plan().version
    with pytest.raises(IntegrityError, match="is frozen"), transaction.atomic():
        DocumentVersion.objects.filter(pk=version.pk).update(text="Something else")


def test_a_text_without_a_year_asks_for_it() -> None:
    with pytest.raises(Refused) as refused:
        import_document(alice(), data="推进智能科技产业园建设工作。".encode(), file_name="x.txt")
    assert str(refused.value.remedy) == "Give the year"
    described = Description(year=2031)
    imported = import_document(
        alice(), data="推进智能科技产业园建设工作。".encode(), file_name="x.txt", described=described
    )
    assert imported.version.document.first_year == 2031


def test_who_may_not_import_is_told_so() -> None:
    with pytest.raises(Denied):
        import_document(charlie(), data=TEXT.encode(), file_name="plan.txt")


def test_the_public_reads_a_plan_once_it_is_published() -> None:
    document = a_plan().version.document
    public = Actor.anonymous()
    assert list(documents(public)) == []
    publish(alice(), document.pk)
    assert list(documents(public)) == [document]


def test_decisions_on_unchanged_sentences_live_on_in_a_new_text() -> None:
    first = a_plan()
    confirmed(first)
    tax, roofs = (the_finding(first, words) for words in ("税收", "屋面"))
    before = {tax.target.pk, roofs.target.pk}
    changed = TEXT.replace("完成7个小区", "完成9个小区").replace("（一）", "前言。\n\n（一）")
    second = a_plan(changed, into=first.version.document)
    assert second.version.number == 2
    carried = the_finding(second, "税收")
    assert carried.state == Finding.State.CONFIRMED
    assert carried.carried_from == tax
    assert carried.decided_by_name == "Alice"
    target = Target.objects.get(finding=carried)
    assert target.pk in before
    assert second.version.text[target.start : target.end] == target.text
    assert the_finding(second, "屋面").state == Finding.State.PROPOSED


def test_an_edit_lives_on_too() -> None:
    from zhen.kernel.plan.actions.findings import edit, edited

    first = a_plan()
    finding = the_finding(first, "税收")
    edit(bob(), finding.pk, finding.revision, edited(finding, unit="％"))
    second = a_plan(TEXT + "\n（三）其他\n\n推进普法工作。\n", into=first.version.document)
    assert the_finding(second, "税收").unit == "％"


def test_the_command_tells_what_it_found(tmp_path: Path) -> None:
    file = tmp_path / "plan.txt"
    file.write_text(TEXT, encoding="utf-8")
    told = StringIO()
    call_command("plan", "import", str(file), stdout=told)
    assert "chapters: 2" in told.getvalue()
    assert "quantified targets: 3" in told.getvalue()
    call_command("plan", "import", str(file), stdout=told)
    assert "nothing was written" in told.getvalue()


@pytest.mark.shared
def test_the_plan_of_2020_has_six_chapters_many_measures_and_five_targets() -> None:
    data = (shared_folder() / "seeds" / "changzheng-2020-plan.txt").read_bytes()
    version = import_document(alice(), data=data, file_name="plan.txt").version
    assert Document.objects.get().first_year == 2020
    assert Section.objects.filter(version=version, parent=None).count() == 6
    assert version.findings.filter(kind="measure").count() >= 150
    values = list(version.findings.filter(kind="target").order_by("num_start").values_list("value", "unit"))
    assert values == [(Decimal(value), unit) for value, unit in ((6, "%"), (7, "个"), (2, "个"), (4, "个"), (100, "%"))]
