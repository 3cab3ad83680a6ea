"""Elevation: dangerous rights are in force for a short time, in one session, with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.identity.actions.elevations import end_elevation, start_elevation
from zhen.kernel.identity.models import Elevation, User
from zhen.kernel.identity.queries import actor_for, elevation_in
from zhen.kernel.journal.models import Event
from zhen.kernel.lib import clock

QUARTER = timedelta(minutes=15)


def start(user: User, today: date, reason: str = "a new colleague") -> Elevation:
    return start_elevation(actor_for(user, day=today), user, session_key="session", reason=reason, lasts=QUARTER)


def test_an_elevation_puts_dangerous_rights_in_force(sun: User, today: date) -> None:
    actor = actor_for(sun, day=today)
    assert not actor.may("identity.user.manage")
    assert actor.may("identity.unit.manage")
    start(sun, today)
    assert elevation_in("session", sun, now=clock.now()) is not None
    assert replace(actor, elevated=True).may("identity.user.manage")


def test_an_elevation_ends_by_itself(sun: User, today: date) -> None:
    start(sun, today)
    assert elevation_in("session", sun, now=clock.now() + QUARTER) is None


def test_an_elevation_holds_in_its_session_only(sun: User, shen: User, today: date) -> None:
    start(sun, today)
    assert elevation_in("another session", sun, now=clock.now()) is None
    assert elevation_in("session", shen, now=clock.now()) is None


def test_an_elevation_needs_a_reason_that_the_auditor_reads(sun: User, today: date) -> None:
    with pytest.raises(ValidationError) as error:
        start(sun, today, reason=" x ")
    assert list(error.value.message_dict) == ["reason"]
    start(sun, today, reason="a new colleague")
    assert Event.objects.get(kind="identity.elevation_started").data == {"reason": "a new colleague", "minutes": 15}


def test_whom_it_would_give_nothing_cannot_elevate(alice: User, today: date) -> None:
    with pytest.raises(Denied):
        start(alice, today)


def test_an_elevation_is_ended_by_its_holder_or_the_security_administrator(
    security_administrator: Actor, sun: User, alice: User, today: date
) -> None:
    elevation = start(sun, today)
    with pytest.raises(Denied):
        end_elevation(actor_for(alice, day=today), elevation)
    end_elevation(actor_for(sun, day=today), elevation)
    assert elevation_in("session", sun, now=clock.now()) is None
    end_elevation(security_administrator, start(sun, today))
    assert elevation_in("session", sun, now=clock.now()) is None


def test_a_new_elevation_replaces_the_old_one(sun: User, today: date) -> None:
    start(sun, today)
    start(sun, today)
    assert Elevation.objects.filter(ended_at__isnull=True).count() == 1
