"""What a resident reads and says with his number and secret."""

from __future__ import annotations

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Comment, move_as_reporter, say_as_reporter, steps_of_reporter, story, tracked
from zhen.kernel.cases.values import Move
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.packs.grid.case_type import GRID_CASE
from zhen.packs.grid.tests.conftest import SECRET, Cast, Hands, closed, finished

ANYBODY = Actor.anonymous()


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
    assert steps_of_reporter(case) == ()
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
