"""What a resident reads and says with his number and secret."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import (
    Case,
    Clock,
    Comment,
    follow,
    move_as_reporter,
    say_as_reporter,
    steps_of_reporter,
    story,
    tracked,
)
from zhen.kernel.cases.figures.booking import book
from zhen.kernel.cases.models import Tally
from zhen.kernel.cases.values import Move
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.packs.grid.case_type import GRID_CASE
from zhen.packs.grid.tests.conftest import SECRET, Cast, Hands, a_case, at_sweepers, closed, finished, step

ANYBODY = Actor.anonymous()
What = Tally.What


def test_the_story_is_told_in_order_and_names_no_staff(cast: Cast, hands: Hands) -> None:
    case = closed(cast)
    hands.go(hours=1)
    say_as_reporter(ANYBODY, case.number, SECRET, "It is there again")

    told = story(tracked(case.number, SECRET))

    assert [one.at for one in told] == sorted(one.at for one in told)
    assert told[0].mine
    assert told[-1].text == "It is there again"
    assert told[-1].mine
    words = " ".join(one.text for one in told)
    assert not any(who.name in words for who in (cast.dora, cast.sam))


def test_a_note_among_staff_is_no_part_of_the_story(cast: Cast) -> None:
    case = finished(cast)
    Comment.objects.create(case=case, text="The reporter is a nuisance", at=case.changed_at)

    assert "nuisance" not in " ".join(one.text for one in story(case))


def test_the_reporter_has_his_own_steps_only_once_it_is_closed(cast: Cast) -> None:
    case = finished(cast)
    assert steps_of_reporter(case) == ()  # nor is it taken back any more: somebody checks it
    case = closed(cast)
    assert {step.id for step in steps_of_reporter(case)} == {"rate", "reopen"}

    again = move_as_reporter(ANYBODY, case.number, SECRET, "reopen", Move(reason="Still there"))

    assert again.open
    said = str(GRID_CASE.transition("reopen").told)  # type: ignore[union-attr]
    assert [one.mine for one in story(again) if one.text == said] == [True]


@pytest.mark.parametrize("wrong", ["number", "secret"])
def test_a_wrong_number_and_a_wrong_secret_look_the_same(cast: Cast, wrong: str) -> None:
    number = "WG-2026-999999" if wrong == "number" else finished(cast).number

    with pytest.raises(Missing):
        say_as_reporter(ANYBODY, number, "guess" if wrong == "secret" else SECRET, "Hello")

    assert not Comment.objects.filter(kind=Comment.Kind.REPORTER).exists()


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\x00b"])
def test_what_says_nothing_or_too_much_is_refused(cast: Cast, text: str) -> None:
    with pytest.raises(Refused) as refused:
        say_as_reporter(ANYBODY, finished(cast).number, SECRET, text)
    assert "2000" in str(refused.value.reason)


@pytest.mark.parametrize("begin", [a_case, at_sweepers])
def test_a_reporter_takes_his_report_back_and_what_was_begun_stays_on_record(
    cast: Cast, hands: Hands, begin: Callable[[Cast], Case]
) -> None:
    case = begin(cast)
    unit = case.unit_id
    assert {step.id for step in steps_of_reporter(case)} == {"withdraw"}

    gone = move_as_reporter(ANYBODY, case.number, SECRET, "withdraw", Move(reason="It is mended"))

    assert (gone.state, gone.open, gone.outcome, gone.unit_id) == ("withdrawn", False, "withdrawn", unit)
    assert gone.due_at is None
    assert not Clock.objects.filter(case=gone, stopped_at=None).exists()
    event = Event.objects.filter(kind="cases.moved").latest("id")
    assert (event.data["step"], event.data["ended"], event.data["reason"]) == ("withdraw", "other", "It is mended")
    assert story(gone)[-1].mine


def test_what_is_taken_back_counts_in_no_rate(cast: Cast, hands: Hands) -> None:
    case = at_sweepers(cast)
    hands.go(days=60)  # past every limit
    move_as_reporter(ANYBODY, case.number, SECRET, "withdraw")
    book(list(Event.objects.order_by("id")))
    counted = set(Tally.objects.filter(case=case).values_list("what", flat=True))
    assert What.OTHER in counted
    assert not counted & {What.SOLVED, What.EXPLAINED, What.ON_TIME}


def test_what_neighbours_follow_is_not_taken_back_by_one_of_them(cast: Cast) -> None:
    case = at_sweepers(cast)
    follow(ANYBODY, case.number, "a-neighbours-own-secret-of-32-chars")
    with pytest.raises(Refused, match="neighbours follow it"):
        move_as_reporter(ANYBODY, case.number, SECRET, "withdraw")


def test_the_centre_opens_again_what_was_taken_back_by_mistake(cast: Cast) -> None:
    case = at_sweepers(cast)
    case = move_as_reporter(ANYBODY, case.number, SECRET, "withdraw")
    case = step(cast.dora, case, "open_again", reason="He called: it is there again")
    assert (case.state, case.outcome, case.open) == ("registered", "", True)
