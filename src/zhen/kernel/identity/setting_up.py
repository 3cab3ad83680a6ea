"""The first administrators of a town that has none."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from zhen.kernel.access.api import Actor, Duty
from zhen.kernel.identity.actions.posts import give_post
from zhen.kernel.identity.actions.units import create_unit
from zhen.kernel.identity.actions.users import invite
from zhen.kernel.identity.models import Unit, User
from zhen.kernel.identity.queries import open_units, posts_on
from zhen.kernel.lib import clock


class HasAdministrators(Exception):
    """There are administrators already. Remedy: they make the accounts and give the posts."""


@dataclass(frozen=True, kw_only=True)
class Invited:
    user: User
    role: str
    secret: str


def first_administrators(*, unit: str, people: dict[str, str]) -> list[Invited]:
    """Create three accounts for three persons: role → user name. Nobody gets two of the roles."""
    if len(set(people.values())) != len(people):
        raise ValueError("each of the three administrators is another person")
    setup, today = Actor.system("zhen administrators"), clock.today()
    with transaction.atomic():
        if posts_on(today).exclude(duty=Duty.BUSINESS).filter(user__is_demo=False).exists():
            raise HasAdministrators("this town has administrators already: they make the accounts and give the posts")
        home = open_units(today).order_by("order", "id").first() or _first_unit(setup, unit)
        invited = []
        for role, username in people.items():
            user, secret = invite(setup, username=username, name=username)
            give_post(setup, user=user, role=role, unit=home, valid_from=today)
            invited.append(Invited(user=user, role=role, secret=secret))
    return invited


def _first_unit(setup: Actor, name: str) -> Unit:
    return create_unit(setup, code="town", name=name, under=None, since=clock.today())
