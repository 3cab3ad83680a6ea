"""More time is asked for by one and granted by another; a restart runs the whole limit again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from zhen.kernel.access.api import Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Case, Clock, Extension, Move, ask_extension, asked_extensions, decide_extension
from zhen.kernel.cases.tests.conftest import Cast, Hands, a_case
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Outdated, Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(cast: Cast, hands: Hands) -> Case:
    case = a_case(cast)
    return cases.move(cast.dispatcher, case.pk, case.revision, "dispatch", Move(unit_id=cast.carpenters.pk))


def clock_of(case: Case, deadline: str = "whole") -> Clock:
    return Clock.objects.get(case=case, deadline=deadline, stopped_at__isnull=True)


def asked(cast: Cast, case: Case, **given: Any) -> Case:
    values = {"deadline": "whole", "amount": 5, "reason": "No wood", **given}
    ask_extension(cast.alice, case.pk, case.revision, **values)
    case.refresh_from_db()
    return case


def test_the_clock_moves_only_when_somebody_else_approves(cast: Cast, case: Case) -> None:
    before = clock_of(case).due_at
    case = asked(cast, case)
    assert clock_of(case).due_at == before
    (request,) = asked_extensions(case)
    assert (request.amount, request.reason) == (5, "No wood")
    with pytest.raises(Refused, match="asked for it yourself"):
        decide_extension(cast.alice, case.pk, case.revision, "whole", approve=True)
    case = decide_extension(cast.dispatcher, case.pk, case.revision, "whole", approve=True)
    row = clock_of(case)
    assert before is not None
    assert row.due_at is not None
    assert row.due_at > before
    assert (row.extension, row.extension_reason) == (5, "No wood")
    assert Event.objects.get(kind="cases.extended").data["due"] == row.due_at.isoformat()
    assert asked_extensions(case) == []


def test_a_deadline_is_extended_once(cast: Cast, case: Case) -> None:
    case = asked(cast, case)
    with pytest.raises(Outdated, match="already"):
        ask_extension(cast.alice, case.pk, case.revision, "whole", 3, "Still none")
    case = decide_extension(cast.dispatcher, case.pk, case.revision, "whole", approve=True)
    with pytest.raises(Refused, match="already"):
        ask_extension(cast.alice, case.pk, case.revision, "whole", 3, "Still none")


def test_a_refusal_says_why_and_one_may_ask_again(cast: Cast, case: Case) -> None:
    before = clock_of(case).due_at
    case = asked(cast, case)
    with pytest.raises(Refused, match="reason"):
        decide_extension(cast.dispatcher, case.pk, case.revision, "whole", approve=False, note=" ")
    case = decide_extension(cast.dispatcher, case.pk, case.revision, "whole", approve=False, note="There is wood")
    assert clock_of(case).due_at == before
    assert Event.objects.get(kind="cases.extension_refused").data["reason"] == "There is wood"
    asked(cast, case, reason="No nails")


def test_nothing_is_asked_for_or_granted_after_the_time_has_run_out(cast: Cast, case: Case, hands: Hands) -> None:
    case = asked(cast, case)
    hands.go(days=60)
    with pytest.raises(Refused, match="passed"):
        decide_extension(cast.dispatcher, case.pk, case.revision, "whole", approve=True)
    assert Extension.objects.get().answer == "open"
    case = decide_extension(cast.dispatcher, case.pk, case.revision, "whole", approve=False, note="Too late")
    with pytest.raises(Refused, match="passed"):
        asked(cast, case)


def test_whoever_cannot_reach_the_case_neither_asks_nor_decides(cast: Cast, case: Case) -> None:
    with pytest.raises((Denied, Case.DoesNotExist)):
        ask_extension(cast.bob, case.pk, case.revision, "whole", 5, "No wood")
    case = asked(cast, case)
    with pytest.raises((Denied, Case.DoesNotExist)):
        decide_extension(cast.bob, case.pk, case.revision, "whole", approve=True)


def test_what_nobody_asked_for_is_not_decided(cast: Cast, case: Case) -> None:
    with pytest.raises(Outdated, match="nobody asks"):
        decide_extension(cast.dispatcher, case.pk, case.revision, "whole", approve=True)


def test_the_database_keeps_the_two_people_apart(cast: Cast, case: Case) -> None:
    asked(cast, case)
    row = Extension.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Extension.objects.filter(pk=row.pk).update(answer="approved", decided_by=row.asked_by, decided_at=row.asked_at)


def test_a_restart_runs_the_whole_limit_again_and_keeps_what_ran(cast: Cast, case: Case, hands: Hands) -> None:
    case = asked(cast, case)
    before = clock_of(case)
    hands.go(days=3)
    with pytest.raises(Refused, match="reason"):
        cases.restart(cast.dispatcher, case.pk, case.revision, "whole", " ")
    case = cases.restart(cast.dispatcher, case.pk, case.revision, "whole", "The report was corrected")
    after = clock_of(case)
    assert (after.started_at, after.amount, after.extension) == (hands.now, before.amount, 0)
    assert before.due_at is not None
    assert after.due_at is not None
    assert after.due_at - before.due_at >= timedelta(days=2)
    before.refresh_from_db()
    assert before.stopped_at == hands.now
    assert Event.objects.get(kind="cases.restarted").data["reason"] == "The report was corrected"
    assert asked_extensions(case) == []  # the request was for the clock that ran before
    hands.go(days=90)
    with pytest.raises(Refused, match="passed"):
        cases.restart(cast.dispatcher, case.pk, case.revision, "whole", "Too late")


def test_a_restarted_clock_counts_once_in_the_rate(cast: Cast, case: Case, hands: Hands) -> None:
    case = cases.restart(cast.dispatcher, case.pk, case.revision, "whole", "The report was corrected")
    case = cases.move(cast.alice, case.pk, case.revision, "mended", Move(result="A new leg"))
    cases.move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))
    decided = [
        one
        for event in Event.objects.filter(subject_type="cases.case")
        for one in event.data.get("decided", [])
        if one["deadline"] == "whole"
    ]
    assert len(decided) == 1
