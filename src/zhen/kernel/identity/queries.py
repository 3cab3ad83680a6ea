"""Reading users, units and posts; building the Actor of a request."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Grant
from zhen.kernel.identity.models import Post, Unit, User
from zhen.kernel.places.api import scopes_of


def posts_on(day: date) -> QuerySet[Post]:
    """The posts that are held on a day."""
    return Post.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


def actor_for(user: User, *, day: date, elevated: bool = False) -> Actor:
    """The Actor of a signed-in user: his posts of the day, with their reach resolved."""
    posts = list(posts_on(day).filter(user=user))
    below = units_below()
    scopes = scopes_of({post.area_id for post in posts if post.area_id})
    grants = tuple(
        Grant.of(
            ROLES[post.role],
            units=below.get(post.unit_id, frozenset({post.unit_id})),
            areas=scopes[post.area_id] if post.area_id else None,
        )
        for post in posts
        if post.role in ROLES
    )
    return Actor(kind=ActorKind.USER, id=user.pk, name=str(user), grants=grants, elevated=elevated)


def units_below() -> dict[int, frozenset[int]]:
    """For each unit its own id and the ids of all units below it."""
    parents = dict(Unit.objects.values_list("id", "parent_id"))
    below: dict[int, set[int]] = {unit: {unit} for unit in parents}
    for unit in parents:
        ancestor = parents[unit]
        while ancestor is not None:
            below[ancestor].add(unit)
            ancestor = parents[ancestor]
    return {unit: frozenset(ids) for unit, ids in below.items()}
