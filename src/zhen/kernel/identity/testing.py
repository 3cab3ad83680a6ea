"""The cast of our tests, for every module above identity.

Alice clerks in the office, Bob heads it, Charlie is a stranger without a post; Sun, Shen and Ji are the
system administrator, the security administrator and the auditor. Tests build what they need of them.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.contrib.auth.hashers import make_password

from zhen.kernel.access.api import ROLES
from zhen.kernel.identity.models import Placement, Post, Unit, User
from zhen.kernel.places.api import Place

PASSWORD = "correct horse 9"  # noqa: S105 of test accounts only
LONG_AGO = date(2020, 1, 1)


def a_user(username: str, name: str = "", *, password: str = "", **fields: object) -> User:
    """A user, with a password only where the test signs in: making one is slow on purpose."""
    user = User(username=username, name=name or username.title(), **fields)
    user.password = _hashed(password)
    user.save()
    return user


@lru_cache
def _hashed(password: str) -> str:
    return make_password(password or None)


def a_unit(code: str, name: str = "", *, under: Unit | None = None, since: date = LONG_AGO) -> Unit:
    unit = Unit.objects.create(code=code, name=name or code.title())
    Placement.objects.create(unit=unit, parent=under, valid_from=since)
    return unit


def a_post(
    user: User,
    role: str,
    unit: Unit,
    *,
    area: Place | None = None,
    since: date = LONG_AGO,
    until: date | None = None,
    deputises: Post | None = None,
) -> Post:
    return Post.objects.create(
        user=user,
        role=role,
        duty=ROLES[role].duty,
        unit=unit,
        area=area,
        valid_from=since,
        valid_to=until,
        deputises=deputises,
    )
