"""The cast: see `identity.testing`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.queries import actor_for
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock


@pytest.fixture
def town(db: None) -> Unit:
    return a_unit("town", "Town office")


@pytest.fixture
def office(town: Unit) -> Unit:
    return a_unit("office", "Office", under=town)


@pytest.fixture
def alice(office: Unit) -> User:
    user = a_user("alice")
    a_post(user, "unit_clerk", office)
    return user


@pytest.fixture
def bob(office: Unit) -> User:
    user = a_user("bob")
    a_post(user, "unit_head", office)
    return user


@pytest.fixture
def charlie(db: None) -> User:
    return a_user("charlie")


@pytest.fixture
def sun(town: Unit) -> User:
    user = a_user("sun")
    a_post(user, "system_administrator", town)
    return user


@pytest.fixture
def shen(town: Unit) -> User:
    user = a_user("shen")
    a_post(user, "security_administrator", town)
    return user


@pytest.fixture
def today() -> date:
    return clock.today()


@pytest.fixture
def system_administrator(sun: User, today: date) -> Actor:
    return replace(actor_for(sun, day=today), elevated=True)


@pytest.fixture
def security_administrator(shen: User, today: date) -> Actor:
    return replace(actor_for(shen, day=today), elevated=True)
