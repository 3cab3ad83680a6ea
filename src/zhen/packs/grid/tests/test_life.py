"""The life of a grid case: who takes which step, what it needs, and what the figures will say."""

from __future__ import annotations

from datetime import date

import pytest

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.cases.api import (
    Clock,
    Move,
    NewReporter,
    TimeLimit,
    WrongStep,
    ask_extension,
    attach,
    clocks_of,
    comment,
    decide_extension,
    move_as_reporter,
    on_site,
)
from zhen.kernel.files import api as files
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.identity.testing import a_user
from zhen.kernel.lib.refusals import Refused
from zhen.packs.grid.tests.conftest import (
    SECRET,
    Cast,
    Hands,
    a_case,
    a_town,
    at_sweepers,
    closed,
    finished,
    holding,
    step,
)

pytestmark = pytest.mark.django_db
RESIDENT = Actor.anonymous()


def a_photo(actor: Actor, seed: int = 0) -> files.File:
    return files.store(actor, an_upload(an_image(seed=seed)))


def test_three_clocks_start_with_the_report(cast: Cast, hands: Hands) -> None:
    assert {one.deadline for one in clocks_of(a_case(cast))} == {"contact", "register", "whole"}


@pytest.mark.parametrize("reporter", [None, NewReporter(secret=SECRET), NewReporter(secret=SECRET, name="王")])
def test_no_clock_of_a_contact_runs_where_nobody_can_be_contacted(cast: Cast, reporter: NewReporter | None) -> None:
    case = at_sweepers(cast, reporter=reporter)
    assert {one.deadline for one in clocks_of(case) if one.running} == {"handle", "whole"}


def test_a_clear_report_is_registered_and_dispatched_in_one_step(cast: Cast, hands: Hands) -> None:
    case = at_sweepers(cast)
    assert case.registered_at == case.dispatched_at == hands.now
    running = {one.deadline for one in clocks_of(case) if one.running}
    assert running == {"contact", "handle", "whole"}


def test_a_contact_is_stamped_once_and_stops_its_clock(cast: Cast, hands: Hands) -> None:
    case = at_sweepers(cast)
    comment(cast.sam, case.pk, "Called; she is at home", kind="contact")
    assert Clock.objects.get(case=case, deadline="contact").stopped_at == hands.now


def test_the_unit_returns_what_is_not_its_own_and_says_why(cast: Cast, hands: Hands) -> None:
    case = at_sweepers(cast)
    with pytest.raises(Refused, match="reason"):
        step(cast.sam, case, "return")
    case = step(cast.sam, case, "return", reason="It lies in the park")
    assert (case.state, case.unit_id, case.returned) == ("registered", None, 1)
    case = step(cast.dora, case, "dispatch", unit_id=cast.gardeners.pk)
    assert case.unit_id == cast.gardeners.pk


def test_whoever_dispatches_does_not_handle(cast: Cast) -> None:
    with pytest.raises(Denied):
        step(cast.dora, at_sweepers(cast), "finish", result="Done", outcome="resolved")


def test_what_cannot_be_solved_now_is_kept_and_its_clocks_stand_still(cast: Cast, hands: Hands) -> None:
    case = step(cast.dora, at_sweepers(cast), "defer", reason="The road is being dug up")
    assert (case.state, case.open, case.due_at) == ("deferred", True, None)
    hands.go(days=30)
    case = step(cast.dora, case, "go_on")
    assert case.due_at is not None
    assert case.due_at > hands.now


def test_a_case_is_closed_once(cast: Cast, hands: Hands) -> None:
    case = finished(cast)
    case = step(cast.dora, case, "close")
    with pytest.raises(WrongStep):
        step(cast.dora, case, "close")


def test_what_is_done_is_shown_or_somebody_says_why_not(cast: Cast, hands: Hands) -> None:
    case = at_sweepers(cast)
    with pytest.raises(Refused, match="photo"):
        step(cast.sam, case, "finish", result="Taken away", outcome="resolved")
    case = step(cast.sam, case, "finish", result="Taken away", outcome="resolved", files=(a_photo(cast.sam),))
    assert case.state == "verifying"


def test_whoever_checks_shows_what_he_has_seen_himself(cast: Cast, hands: Hands) -> None:
    here = a_town()["310107102001001"]
    wei = holding(a_user("wei"), "grid_worker", units={cast.centre.pk}, areas={here.pk})
    case = at_sweepers(cast, area_id=here.pk)
    case = step(cast.sam, case, "finish", result="Away", outcome="resolved", files=(a_photo(cast.sam),))
    with pytest.raises(Refused, match="photo"):
        step(wei, case, "confirm")
    attach(wei, case.pk, [a_photo(wei, seed=1)])
    assert step(wei, case, "confirm").state == "verified"


def test_a_unit_asks_for_more_time_and_the_dispatcher_grants_it(cast: Cast, hands: Hands) -> None:
    case = at_sweepers(cast)
    before = Clock.objects.get(case=case, deadline="handle").due_at
    ask_extension(cast.sam, case.pk, case.revision, "handle", 2, "Parts are missing")
    case.refresh_from_db()
    with pytest.raises(Denied):
        decide_extension(cast.sam, case.pk, case.revision, "handle", approve=True)
    decide_extension(cast.dora, case.pk, case.revision, "handle", approve=True)
    after = Clock.objects.get(case=case, deadline="handle").due_at
    assert before is not None
    assert after is not None
    assert after > before


def test_the_field_sees_what_waits_on_the_spot_in_its_area_and_nothing_else(cast: Cast, hands: Hands) -> None:
    places = a_town()
    here, there = places["310107102001001"], places["310107102001002"]
    wei = holding(a_user("wei"), "grid_worker", units={cast.centre.pk}, areas={here.pk})
    done, new = finished(cast, area_id=here.pk), a_case(cast, area_id=here.pk)
    finished(cast, area_id=there.pk)
    waiting = at_sweepers(cast, area_id=here.pk)
    found = {case.pk: [one.id for one in steps] for case, steps in on_site(wei)}
    assert found == {done.pk: ["confirm", "rework"], new.pk: ["self_handle"]}
    assert waiting.pk in {case.pk for case, _steps in on_site(cast.sam)}
    assert on_site(cast.dora) == []


def test_explained_is_another_end_than_resolved(cast: Cast, hands: Hands) -> None:
    case = step(cast.sam, at_sweepers(cast), "finish", result="The wall is hers", outcome="explained")
    case = step(cast.dora, case, "close")
    assert case.outcome == "explained"


def test_a_low_rating_says_why(cast: Cast, hands: Hands) -> None:
    case = closed(cast)
    with pytest.raises(Refused, match="low rating"):
        move_as_reporter(RESIDENT, case.number, SECRET, "rate", Move(rating=2))
    case = move_as_reporter(RESIDENT, case.number, SECRET, "rate", Move(rating=2, reason="Half of it is there"))
    assert (case.state, case.rating) == ("closed", 2)


def test_the_centre_calls_back_those_who_did_not_rate(cast: Cast, hands: Hands) -> None:
    case = step(cast.dora, closed(cast), "call_back", rating=5)
    assert (case.open, case.rating) == (False, 5)


def test_the_reporter_opens_it_again_within_the_limit_and_the_case_counts_it(cast: Cast, hands: Hands) -> None:
    case = closed(cast)
    hands.go(days=14)
    case = move_as_reporter(RESIDENT, case.number, SECRET, "reopen", Move(reason="It is back"))
    assert (case.state, case.reopened, case.outcome) == ("registered", 1, "")


def test_after_the_limit_it_is_a_new_report_but_the_centre_can_still_open_it(cast: Cast, hands: Hands) -> None:
    case = closed(cast)
    hands.go(days=17)
    with pytest.raises(Refused, match="2026-09-30"):
        move_as_reporter(RESIDENT, case.number, SECRET, "reopen", Move(reason="It is back"))
    assert step(cast.dora, case, "open_again", reason="An inspection found it").reopened == 1


def test_the_town_sets_how_long_the_reporter_may_open_it_again(cast: Cast, hands: Hands) -> None:
    TimeLimit.objects.create(
        case_type="grid.case", deadline="reopen", amount=3, unit="calendar_days",
        valid_from=date(2026, 1, 1), source="test",
    )  # fmt: skip
    case = closed(cast)
    hands.go(days=5)
    with pytest.raises(Refused, match="2026-09-18"):
        move_as_reporter(RESIDENT, case.number, SECRET, "reopen", Move(reason="It is back"))
