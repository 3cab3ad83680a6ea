"""Tokens: within their scopes, for their days, and never more than their user may."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from zhen.kernel.access.api import Actor, ActorKind, Denied
from zhen.kernel.identity.actions.posts import end_post
from zhen.kernel.identity.actions.tokens import issue_token, revoke_token
from zhen.kernel.identity.models import Token, Unit, User
from zhen.kernel.identity.queries import actor_for, actor_of_token
from zhen.kernel.identity.rates import within
from zhen.kernel.identity.testing import a_post, a_user
from zhen.kernel.journal.models import Event
from zhen.kernel.lib import clock

READ = "identity.directory.read"


def issue(actor: Actor, user: User, **given: Any) -> tuple[Token, str]:
    defaults: dict[str, Any] = {"name": "script", "scopes": [READ], "expires_at": clock.now() + timedelta(days=30)}
    return issue_token(actor, user, **(defaults | given))


def using(key: str) -> Actor | None:
    return actor_of_token(key, day=clock.today(), now=clock.now())


def test_a_token_acts_for_its_user_within_its_scopes(alice: User, office: Unit, today: date) -> None:
    a_post(alice, "dispatcher", office)
    token, key = issue(actor_for(alice, day=today), alice)
    actor = using(key)
    assert actor is not None
    assert (actor.kind, actor.id, actor.user_id) == (ActorKind.TOKEN, token.pk, alice.pk)
    assert actor.may(READ)
    assert not actor.may("identity.unit.manage")


def test_the_key_is_kept_nowhere(alice: User, today: date) -> None:
    _token, key = issue(actor_for(alice, day=today), alice)
    assert key not in str(list(Token.objects.values()))
    assert key not in str(list(Event.objects.values()))


def test_a_token_is_not_wider_than_its_user(alice: User, today: date) -> None:
    with pytest.raises(ValidationError, match="does not hold"):
        issue(actor_for(alice, day=today), alice, scopes=["identity.unit.manage"])


def test_a_token_never_carries_what_needs_an_elevation(system_administrator: Actor, sun: User) -> None:
    with pytest.raises(ValidationError, match="needs an elevation"):
        issue(system_administrator, sun, scopes=["identity.user.manage"])


def test_a_revoked_token_is_dead_at_once(alice: User, today: date) -> None:
    actor = actor_for(alice, day=today)
    token, key = issue(actor, alice)
    revoke_token(actor, token)
    assert using(key) is None


def test_a_token_ends_on_its_day(alice: User, today: date) -> None:
    _token, key = issue(actor_for(alice, day=today), alice, expires_at=clock.now() + timedelta(hours=1))
    with clock.frozen(clock.now() + timedelta(hours=1)):
        assert using(key) is None


def test_a_token_lasts_at_most_a_year(alice: User, today: date) -> None:
    with pytest.raises(ValidationError, match="at most a year"):
        issue(actor_for(alice, day=today), alice, expires_at=clock.now() + timedelta(days=400))


def test_a_lost_post_takes_the_rights_of_the_token(security_administrator: Actor, alice: User, today: date) -> None:
    _token, key = issue(actor_for(alice, day=today), alice)
    end_post(security_administrator, alice.posts.get(), on=today, reason="leaves")
    actor = using(key)
    assert actor is not None
    assert not actor.may(READ)


def test_nobody_issues_a_token_for_another_person(
    security_administrator: Actor, alice: User, bob: User, today: date
) -> None:
    for actor in (security_administrator, actor_for(bob, day=today)):
        with pytest.raises(Denied):
            issue(actor, alice)


def test_a_token_issues_no_token(alice: User, today: date) -> None:
    _token, key = issue(actor_for(alice, day=today), alice)
    actor = using(key)
    assert actor is not None
    with pytest.raises(Denied):
        issue(actor, alice)


def test_the_security_administrator_equips_machines(security_administrator: Actor, office: Unit) -> None:
    machine = a_user("meter", is_machine=True)
    a_post(machine, "dispatcher", office)
    _token, key = issue(security_administrator, machine)
    actor = using(key)
    assert actor is not None
    assert actor.may(READ)


def test_use_is_noted_once_an_hour(alice: User, today: date, django_assert_num_queries: Any) -> None:
    token, key = issue(actor_for(alice, day=today), alice)
    with django_assert_num_queries(4):
        using(key)
    with django_assert_num_queries(3):
        using(key)
    token.refresh_from_db()
    assert token.used_at is not None


def test_a_wrong_key_gets_401(client: Client, db: None) -> None:
    response = client.get("/api/anything", headers={"authorization": "Bearer zhen_wrong"})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response["Content-Type"] == "application/problem+json"


def test_guessing_keys_is_slowed_down(client: Client, db: None) -> None:
    with clock.frozen(clock.now()):
        answers = [
            client.get("/api/x", headers={"authorization": "Bearer zhen_wrong"}).status_code for _call in range(31)
        ]
    assert answers == [401] * 30 + [429]


def test_a_limit_counts_over_processes(db: None) -> None:
    now = clock.now()
    assert [within("k", calls=2, seconds=60, now=now) for _call in range(3)] == [True, True, False]
    assert within("k", calls=2, seconds=60, now=now + timedelta(minutes=1))
    assert within("other", calls=2, seconds=60, now=now)
