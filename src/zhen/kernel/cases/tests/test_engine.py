"""The life of a case: received, dispatched, handled, checked, closed, reopened."""

from datetime import UTC, datetime

import pytest

from zhen.kernel.access.api import Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Case, Clock, Move, NewReporter, Reporter, TimeLimit
from zhen.kernel.cases.tests.conftest import REPAIR, Cast, Hands, a_case
from zhen.kernel.journal.api import events_about
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing

pytestmark = pytest.mark.django_db
SECRET = "a-secret-that-nobody-guesses"


def at_work(cast: Cast, case: Case) -> Case:
    return cases.move(cast.dispatcher, case.pk, case.revision, "dispatch", Move(unit_id=cast.carpenters.pk))


def checked(cast: Cast, case: Case) -> Case:
    case = at_work(cast, case)
    return cases.move(cast.alice, case.pk, case.revision, "mended", Move(result="A new leg"))


def test_a_case_is_numbered_and_its_clocks_start(cast: Cast, hands: Hands) -> None:
    first, second = a_case(cast), a_case(cast)
    assert [first.number, second.number] == ["BR-2026-000001", "BR-2026-000002"]
    assert {clock.deadline for clock in cases.clocks_of(first)} == {"accept", "whole"}
    assert first.due_at == datetime(2026, 9, 15, 7, 30, tzinfo=UTC)  # four working hours: 10–12, 13:30–15:30
    whole = Clock.objects.get(case=first, deadline="whole")
    assert whole.due_at is not None
    assert whole.due_at.date().isoformat() == "2026-10-19"


def test_a_number_that_rolls_back_is_not_skipped(cast: Cast, hands: Hands) -> None:
    with pytest.raises(Refused):
        a_case(cast, title="   ")
    assert a_case(cast).number == "BR-2026-000001"


def test_the_same_report_from_the_same_source_is_the_same_case(cast: Cast) -> None:
    first = a_case(cast, source="hotline", source_ref="H-1")
    assert a_case(cast, source="hotline", source_ref="H-1") == first
    assert Case.objects.count() == 1


def test_a_limit_of_the_town_wins_and_a_later_one_leaves_running_clocks_alone(cast: Cast, hands: Hands) -> None:
    day = hands.now.date()
    TimeLimit.objects.create(
        case_type=REPAIR, deadline="whole", amount=2, unit="calendar_days", valid_from=day, source="test"
    )
    before = a_case(cast)
    TimeLimit.objects.filter(deadline="whole").update(amount=9)
    after = a_case(cast)
    amounts = {clock.case_id: clock.amount for clock in Clock.objects.filter(deadline="whole")}
    assert amounts == {before.pk: 2, after.pk: 9}


def test_a_case_goes_through_its_life(cast: Cast, hands: Hands) -> None:
    case = checked(cast, a_case(cast))
    case = cases.move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))
    assert (case.state, case.open, case.due_at, case.outcome) == ("closed", False, None, "solved")
    assert not Clock.objects.filter(case=case, stopped_at=None).exists()
    kinds = [event.kind for event in events_about(case)]
    assert sorted(kinds) == ["cases.moved"] * 3 + ["cases.received"]


def test_who_handled_it_does_not_check_it(cast: Cast) -> None:
    case = checked(cast, a_case(cast))
    with pytest.raises(Refused, match="handled it yourself"):
        cases.move(cast.alice, case.pk, case.revision, "close", Move(outcome="solved"))


def test_another_unit_cannot_handle_it_nor_see_it(cast: Cast) -> None:
    case = at_work(cast, a_case(cast))
    with pytest.raises(Case.DoesNotExist):
        cases.move(cast.bob, case.pk, case.revision, "mended", Move(result="Painted"))
    with pytest.raises(Missing):
        cases.case_for(cast.bob, case.number)
    assert cases.case_for(cast.alice, case.number) == case


def test_a_co_handling_unit_sees_it(cast: Cast) -> None:
    case = at_work(cast, a_case(cast))
    cases.assign(cast.dispatcher, case.pk, case.revision, shared_units=(cast.painters.pk,))
    assert cases.case_for(cast.bob, case.number) == case


def test_a_step_that_does_not_lead_on_is_refused(cast: Cast) -> None:
    case = a_case(cast)
    with pytest.raises(cases.WrongStep, match="received"):
        cases.move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))


def test_a_step_names_what_it_lacks(cast: Cast) -> None:
    case = at_work(cast, a_case(cast))
    with pytest.raises(Refused, match="reason"):
        cases.move(cast.dispatcher, case.pk, case.revision, "defer")


def test_two_clerks_on_one_case_lose_no_word(cast: Cast) -> None:
    case = at_work(cast, a_case(cast))
    cases.edit(cast.dispatcher, case.pk, case.revision, {"text": "Both legs"})
    with pytest.raises(Outdated):
        cases.edit(cast.alice, case.pk, case.revision, {"text": "One leg"})
    case.refresh_from_db()
    assert case.text == "Both legs"


def test_a_deferred_case_holds_its_clocks_still(cast: Cast, hands: Hands) -> None:
    case = at_work(cast, a_case(cast))
    due = case.due_at
    case = cases.move(cast.dispatcher, case.pk, case.revision, "defer", Move(reason="It rains"))
    assert case.due_at is None
    hands.go(days=2)
    case = cases.move(cast.dispatcher, case.pk, case.revision, "go_on")
    assert due is not None
    assert case.due_at is not None
    assert case.due_at > due


def test_the_reporter_reopens_with_number_and_secret_only(cast: Cast) -> None:
    case = checked(cast, a_case(cast, reporter=NewReporter(secret=SECRET, phone="13800000000")))
    case = cases.move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))
    for number, secret in ((case.number, "wrong"), ("BR-2026-999999", SECRET)):
        with pytest.raises(Reporter.DoesNotExist):
            cases.move_as_reporter(cast.bob, number, secret, "not_whole", Move(reason="It wobbles"))
    case = cases.move_as_reporter(cast.bob, case.number, SECRET, "not_whole", Move(reason="It wobbles"))
    assert (case.state, case.open, case.reopened, case.outcome) == ("handling", True, 1, "")
    with pytest.raises(Denied):
        cases.move_as_reporter(cast.bob, case.number, SECRET, "mended", Move(result="Done"))


def test_a_rating_leaves_the_end_as_it_is(cast: Cast, hands: Hands) -> None:
    case = checked(cast, a_case(cast, reporter=NewReporter(secret=SECRET)))
    case = cases.move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))
    closed_at = case.closed_at
    hands.go(days=1)
    with pytest.raises(Refused, match="one to five"):
        cases.move_as_reporter(cast.bob, case.number, SECRET, "rate", Move(rating=6))
    case = cases.move_as_reporter(cast.bob, case.number, SECRET, "rate", Move(rating=2, reason="Still wobbles"))
    assert (case.rating, case.rating_reason, case.closed_at, case.open) == (2, "Still wobbles", closed_at, False)


def test_a_case_waits_for_its_parts(cast: Cast) -> None:
    case = checked(cast, a_case(cast))
    part = cases.divide(cast.dispatcher, case.pk, case.revision, cases.NewCase(title="The paint", category=cast.bench))
    case.refresh_from_db()
    with pytest.raises(Refused, match="still open"):
        cases.move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))
    cases.move(cast.dispatcher, part.pk, part.revision, "void", Move(reason="Not needed", outcome="void"))
    cases.move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))


def test_a_repeat_is_linked_and_counted_never_deleted(cast: Cast) -> None:
    first, second = a_case(cast), a_case(cast)
    cases.link(cast.dispatcher, second.pk, "repeat", target_id=first.pk)
    first.refresh_from_db()
    assert first.followers == 1
    with pytest.raises(Refused, match="repeat itself"):
        cases.link(cast.dispatcher, first.pk, "repeat", target_id=second.pk)


def test_the_most_exact_route_wins(cast: Cast) -> None:
    for unit, category in ((cast.painters, None), (cast.carpenters, cast.bench)):
        cases.Route.objects.create(
            case_type=REPAIR, category=category, unit=unit, valid_from="2020-01-01", source="test"
        )
    assert a_case(cast).unit_id == cast.carpenters.pk
    assert a_case(cast, category=None).unit_id == cast.painters.pk
