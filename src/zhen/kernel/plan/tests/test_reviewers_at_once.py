"""Two reviewers at the same moment, in real transactions: one of them is told, no work is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from zhen.kernel.access.api import Actor
from zhen.kernel.lib.refusals import Outdated
from zhen.kernel.plan.actions.documents import import_document
from zhen.kernel.plan.actions.findings import confirm, reject, seen
from zhen.kernel.plan.models import Decision, DocumentVersion, Finding
from zhen.kernel.plan.testing import TEXT, a_plan, alice, bob


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_on_the_same_findings_one_is_written_and_one_is_told() -> None:
    version = a_plan().version
    as_both_saw_it = seen(version.findings.all())
    ready = Barrier(2)

    def decide(actor: Actor) -> str:
        try:
            ready.wait(timeout=10)
            (confirm if actor.name == "Alice" else reject)(actor, as_both_saw_it)
            return "written"
        except Outdated:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        results = sorted(both.map(decide, [alice(), bob()]))
    assert results == ["told", "written"]
    assert len(set(Finding.objects.values_list("state", "decided_by_name"))) == 1
    assert Decision.objects.count() == len(as_both_saw_it)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_imported_twice_at_once_comes_in_once() -> None:
    ready = Barrier(2)

    def bring(actor: Actor) -> bool:
        try:
            ready.wait(timeout=10)
            return import_document(actor, data=TEXT.encode(), file_name="plan.txt").new
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(bring, [alice(), bob()])) == [False, True]
    assert DocumentVersion.objects.count() == 1
