"""Accounts: one-time links, closing, and the two persons it takes to get into one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.identity.actions.tokens import issue_token
from zhen.kernel.identity.actions.users import (
    accept_invitation,
    add_machine,
    deactivate,
    edit_user,
    invite,
    reactivate,
    renew_invitation,
    reset_second_factors,
)
from zhen.kernel.identity.models import Invitation, User
from zhen.kernel.identity.queries import actor_for, actor_of_token
from zhen.kernel.identity.rules import INVITATION_LASTS
from zhen.kernel.journal.models import Event
from zhen.kernel.lib import clock

GOOD = "a long enough one 7"


def test_an_invited_person_chooses_the_password(system_administrator: Actor) -> None:
    user, secret = invite(system_administrator, username="dora", name="朵拉")
    assert not user.has_usable_password()
    accept_invitation(Actor.anonymous(), secret=secret, password=GOOD)
    user.refresh_from_db()
    assert user.check_password(GOOD)
    event = Event.objects.get(kind="identity.invitation_accepted")
    assert event.actor_id == user.pk


def test_the_secret_of_a_link_is_kept_nowhere(system_administrator: Actor) -> None:
    _user, secret = invite(system_administrator, username="dora", name="Dora")
    assert secret not in str(Invitation.objects.values())
    assert secret not in str(list(Event.objects.values()))


def test_a_link_works_once(system_administrator: Actor) -> None:
    _user, secret = invite(system_administrator, username="dora", name="Dora")
    accept_invitation(Actor.anonymous(), secret=secret, password=GOOD)
    with pytest.raises(ValidationError) as error:
        accept_invitation(Actor.anonymous(), secret=secret, password="another good 8")
    assert list(error.value.message_dict) == ["secret"]


def test_a_link_grows_too_old(system_administrator: Actor) -> None:
    _user, secret = invite(system_administrator, username="dora", name="Dora")
    with clock.frozen(clock.now() + INVITATION_LASTS), pytest.raises(ValidationError):
        accept_invitation(Actor.anonymous(), secret=secret, password=GOOD)


def test_a_new_link_replaces_the_old_one(system_administrator: Actor) -> None:
    user, old = invite(system_administrator, username="dora", name="Dora")
    new = renew_invitation(system_administrator, user)
    with pytest.raises(ValidationError):
        accept_invitation(Actor.anonymous(), secret=old, password=GOOD)
    accept_invitation(Actor.anonymous(), secret=new, password=GOOD)


@pytest.mark.parametrize("weak", ["short 1", "12345678901", "password123", "onlyletters", "dora dora 1"])
def test_a_weak_password_is_refused(system_administrator: Actor, weak: str) -> None:
    user, secret = invite(system_administrator, username="dora dora", name="Dora")
    with pytest.raises(ValidationError):
        accept_invitation(Actor.anonymous(), secret=secret, password=weak)
    assert not Invitation.objects.get(user=user).used_at


def test_a_user_name_is_taken_once(system_administrator: Actor, alice: User) -> None:
    with pytest.raises(ValidationError) as error:
        invite(system_administrator, username="alice", name="Another")
    assert list(error.value.message_dict) == ["username"]


def test_inviting_needs_an_elevation(sun: User, today: date) -> None:
    with pytest.raises(Denied):
        invite(actor_for(sun, day=today), username="dora", name="Dora")


def test_a_deactivated_account_has_nothing_left(system_administrator: Actor, alice: User, today: date) -> None:
    _token, key = issue_token(
        actor_for(alice, day=today),
        alice,
        name="script",
        scopes=["identity.directory.read"],
        expires_at=clock.now() + timedelta(days=1),
    )
    deactivate(system_administrator, alice, on=today, reason="left the town's service")
    alice.refresh_from_db()
    assert not actor_for(alice, day=today).grants
    assert actor_of_token(key, day=today, now=clock.now()) is None
    reactivate(system_administrator, alice, reason="came back")
    assert not actor_for(alice, day=today).grants
    assert actor_of_token(key, day=today, now=clock.now()) is None


def test_an_administrator_does_not_close_his_own_account(system_administrator: Actor, sun: User, today: date) -> None:
    with pytest.raises(Denied):
        deactivate(system_administrator, sun, on=today, reason="no")


def test_who_makes_links_does_not_reset_second_factors(
    system_administrator: Actor, security_administrator: Actor, alice: User
) -> None:
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    with pytest.raises(Denied):
        reset_second_factors(system_administrator, alice, reason="lost")
    with pytest.raises(Denied):
        renew_invitation(security_administrator, alice)
    assert reset_second_factors(security_administrator, alice, reason="lost") == 1


def test_people_change_their_own_address_but_not_their_name(alice: User, bob: User, today: date) -> None:
    actor = actor_for(alice, day=today)
    edit_user(actor, alice, email="alice@town.example")
    assert User.objects.get(pk=alice.pk).email == "alice@town.example"
    with pytest.raises(Denied):
        edit_user(actor, alice, name="Director Alice")
    with pytest.raises(Denied):
        edit_user(actor, bob, email="alice@town.example")


def test_a_machine_has_no_password(system_administrator: Actor) -> None:
    machine = add_machine(system_administrator, username="meter", name="Meter gateway")
    assert not machine.has_usable_password()
    with pytest.raises(ValidationError):
        renew_invitation(system_administrator, machine)
