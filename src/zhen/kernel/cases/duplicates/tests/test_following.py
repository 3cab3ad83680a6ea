"""Following a neighbour's report, merging repeats, hearing back."""

from __future__ import annotations

import pytest

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import Case, Follow, Link, Move, NewReporter
from zhen.kernel.cases.tests.conftest import Cast, Hands, a_case, an_actor
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_user
from zhen.kernel.journal.api import events_about
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.notify.api import Message
from zhen.kernel.pages.api import Missing

pytestmark = pytest.mark.django_db
SECRET = "a-secret-that-nobody-guesses"
NEIGHBOUR = Actor.anonymous()


def a_resident(name: str) -> tuple[User, Actor]:
    user = a_user(name)
    return user, an_actor(user, rights=frozenset())


def closed(cast: Cast, case: Case) -> Case:
    case = cases.move(cast.dispatcher, case.pk, case.revision, "dispatch", Move(unit_id=cast.carpenters.pk))
    case = cases.move(cast.alice, case.pk, case.revision, "mended", Move(result="A new leg"))
    return cases.move(cast.dispatcher, case.pk, case.revision, "close", Move(outcome="solved"))


def test_an_anonymous_neighbour_follows_with_a_secret_and_only_its_hash_is_kept(cast: Cast) -> None:
    case = a_case(cast)
    cases.follow(NEIGHBOUR, case.number, SECRET)
    row = Follow.objects.get()
    assert row.user_id is None
    assert bytes(row.secret_hash or b"") == cases.secret_hash(SECRET)
    assert cases.followed(case.number, SECRET) == case
    case.refresh_from_db()
    assert case.followers == 1


def test_wrong_secret_wrong_number_and_no_such_case_look_the_same(cast: Cast) -> None:
    case = a_case(cast)
    cases.follow(NEIGHBOUR, case.number, SECRET)
    for number, secret in ((case.number, "another-secret-of-theirs"), ("BR-2026-999999", SECRET)):
        with pytest.raises(Missing):
            cases.followed(number, secret)


def test_the_journal_tells_that_somebody_follows_but_not_who(cast: Cast) -> None:
    case = a_case(cast)
    _user, actor = a_resident("nora")
    cases.follow(actor, case.number)
    event = next(event for event in events_about(case) if event.kind == "cases.followed")
    assert event.actor_id is None
    assert "nora" not in str(event.data)


def test_following_twice_is_following_once_and_stopping_counts_back(cast: Cast) -> None:
    case = a_case(cast)
    _user, actor = a_resident("nora")
    cases.follow(actor, case.number)
    cases.follow(actor, case.number)
    case.refresh_from_db()
    assert case.followers == 1
    assert cases.unfollow(actor, case.number)
    assert not cases.unfollow(actor, case.number)
    case.refresh_from_db()
    assert case.followers == 0


def test_what_is_not_shown_to_the_public_cannot_be_followed(cast: Cast) -> None:
    case = a_case(cast, visible=False)
    with pytest.raises(Missing):
        cases.follow(NEIGHBOUR, case.number, SECRET)


def test_a_closed_report_and_a_short_secret_are_refused(cast: Cast) -> None:
    case = a_case(cast)
    with pytest.raises(Refused, match="too short"):
        cases.follow(NEIGHBOUR, case.number, "short")
    case = closed(cast, case)
    with pytest.raises(Refused, match="closed already"):
        cases.follow(NEIGHBOUR, case.number, SECRET)


def test_a_merged_repeat_stays_and_its_followers_are_counted_with_the_original(cast: Cast) -> None:
    first, second, third = a_case(cast), a_case(cast), a_case(cast)
    cases.merge(cast.dispatcher, third.pk, second.pk)
    cases.merge(cast.dispatcher, second.pk, first.pk)
    first.refresh_from_db()
    assert first.followers == 2
    assert Case.objects.count() == 3
    assert {cases.original_of(case) for case in (second, third)} == {first}
    assert Link.objects.filter(kind="repeat", target=first).count() == 2


def test_merging_asks_for_the_right_to_link(cast: Cast) -> None:
    first, second = a_case(cast), a_case(cast)
    with pytest.raises(Denied):
        cases.merge(an_actor(a_user("carl"), rights=frozenset()), second.pk, first.pk)


def test_reporter_followers_and_reporters_of_repeats_hear_of_the_closing_once(cast: Cast, hands: Hands) -> None:
    people = {name: a_resident(name) for name in ("rita", "saul", "theo")}
    first = a_case(cast, reporter=NewReporter(secret="s" * 20, user_id=people["rita"][0].pk))
    again = a_case(cast, reporter=NewReporter(secret="t" * 20, user_id=people["saul"][0].pk))
    cases.follow(people["theo"][1], again.number)
    cases.follow(people["theo"][1], first.number)
    cases.merge(cast.dispatcher, again.pk, first.pk)
    first.refresh_from_db()
    closed(cast, first)
    told = Message.objects.filter(template="cases.followed_closed")
    assert sorted(told.values_list("recipient__username", flat=True)) == ["rita", "saul", "theo"]
