"""Reading users, units and posts; building the Actor of a request."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

from django.db.models import Q, QuerySet

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Duty, Grant, restrict
from zhen.kernel.identity.models import Elevation, Placement, Post, Token, Unit, User
from zhen.kernel.identity.rules import digest, worth_noting
from zhen.kernel.pages.api import Missing
from zhen.kernel.places.api import scopes_of


def held_on(day: date, prefix: str = "") -> Q:
    """The condition that a dated row counts on a day; `prefix` leads to the row."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    )


def posts_on(day: date) -> QuerySet[Post]:
    """The posts that are held on a day; a deputy's only while the post he deputises is held."""
    return Post.objects.filter(held_on(day), Q(deputises__isnull=True) | held_on(day, "deputises__"))


def actor_for(user: User, *, day: date, elevated: bool = False) -> Actor:
    """The Actor of a user, from his posts of the day: two queries, three where a post has an area.

    Nothing is remembered between requests, so a post that ends takes its rights along at once.
    """
    posts = [post for post in posts_on(day).filter(user=user).select_related("unit") if post.role in ROLES]
    grants = grants_from(posts, day) if user.is_active else ()
    return Actor(kind=ActorKind.USER, id=user.pk, name=str(user), grants=grants, elevated=elevated)


def actor_of_token(secret: str, *, day: date, now: datetime) -> Actor | None:
    """The Actor of a token's key: its user's posts of the day, within the token's permissions.

    `None` for a key that is unknown, revoked or too old, or whose user is no longer active.
    """
    token = (
        Token.objects.select_related("user")
        .filter(digest=digest(secret), revoked_at__isnull=True, expires_at__gt=now, user__is_active=True)
        .first()
    )
    if token is None:
        return None
    if worth_noting(token.used_at, now):
        Token.objects.filter(pk=token.pk).update(used_at=now)
    owner = actor_for(token.user, day=day)
    return Actor(
        kind=ActorKind.TOKEN,
        id=token.pk,
        name=f"{token.user} · {token.name}",
        grants=owner.grants,
        behalf=token.user_id,
        limit=frozenset(token.scopes),
    )


def elevation_in(session_key: str, user: User, *, now: datetime) -> Elevation | None:
    """The elevation that is in force in a session."""
    return Elevation.objects.filter(
        session=digest(session_key), user=user, ended_at__isnull=True, ends_at__gt=now
    ).first()


def is_administrator(user: User, *, day: date) -> bool:
    """Whether somebody holds a post of system, security or audit administration on a day."""
    return posts_on(day).filter(user=user).exclude(duty=Duty.BUSINESS).exists()


def grants_from(posts: list[Post], day: date) -> tuple[Grant, ...]:
    if not posts:
        return ()
    units = units_below(day)
    areas = scopes_of({post.area_id for post in posts if post.area_id is not None})
    return tuple(
        Grant.of(
            ROLES[post.role],
            units=units.get(post.unit_id, frozenset({post.unit_id})),
            areas=areas[post.area_id] if post.area_id is not None else None,
            unit_name=post.unit.name,
        )
        for post in posts
    )


def units_below(day: date) -> dict[int, frozenset[int]]:
    """For each unit its own id and the ids of all units below it on a day."""
    parents = dict(Placement.objects.filter(held_on(day)).values_list("unit_id", "parent_id"))
    below: dict[int, set[int]] = {}
    for unit in parents:
        ancestor: int | None = unit
        while ancestor is not None and unit not in below.setdefault(ancestor, set()):
            below[ancestor].add(unit)
            ancestor = parents.get(ancestor)
    return {unit: frozenset(ids) for unit, ids in below.items()}


def own_posts(actor: Actor, *, day: date) -> QuerySet[Post]:
    """The posts that the actor's user holds on a day."""
    return posts_on(day).filter(user_id=actor.user_id or 0).select_related("unit", "deputises__user").order_by("id")


def people(actor: Actor) -> QuerySet[User]:
    """The staff directory."""
    actor.require("identity.directory.read")
    return User.objects.all()


def person(actor: Actor, key: str) -> User:
    found = people(actor).filter(pk=key).first() if key.isdigit() else None
    if found is None:
        raise Missing(f"user {key}")
    return found


def tokens_of(actor: Actor, user: User) -> QuerySet[Token]:
    """Somebody's tokens, for himself and for the security administrator; newest first."""
    if actor.user_id != user.pk:
        actor.require("identity.token.manage")
    return user.tokens.order_by("-id")


def token(actor: Actor, key: str) -> Token:
    """A token of one's own, or any with the permission."""
    rows = Token.objects.select_related("user").filter(pk=key) if key.isdigit() else Token.objects.none()
    if not actor.may("identity.token.manage"):
        rows = rows.filter(user_id=actor.user_id or 0)
    found = rows.first()
    if found is None:
        raise Missing(f"token {key}")
    return found


def all_tokens(actor: Actor) -> QuerySet[Token]:
    return restrict(actor, "identity.token.manage", Token.objects.select_related("user"))


def all_elevations(actor: Actor) -> QuerySet[Elevation]:
    return restrict(actor, "identity.session.manage", Elevation.objects.select_related("user"))


def all_posts(actor: Actor) -> QuerySet[Post]:
    """All posts of the town, past and coming ones too: who answers for what is no secret among colleagues."""
    actor.require("identity.directory.read")
    return Post.objects.select_related("user", "unit", "area", "deputises__user")


def post(actor: Actor, key: str) -> Post:
    found = all_posts(actor).filter(pk=key).first() if key.isdigit() else None
    if found is None:
        raise Missing(f"post {key}")
    return found


def deputisable(actor: Actor, key: str) -> Post:
    """A post for which the actor may name a deputy: his own, or any with the permission."""
    found = post(actor, key)
    if actor.user_id != found.user_id:
        actor.require("identity.post.manage")
    return found


def unit(actor: Actor, key: str) -> Unit:
    actor.require("identity.directory.read")
    found = Unit.objects.filter(pk=key).first() if key.isdigit() else None
    if found is None:
        raise Missing(f"unit {key}")
    return found


def unit_tree(actor: Actor, *, day: date) -> list[tuple[Unit, int, int]]:
    """The units of a day in the order of the tree: each with its depth and how many posts it has."""
    actor.require("identity.directory.read")
    placements = Placement.objects.filter(held_on(day)).values_list("unit_id", "parent_id")
    parents = dict(placements)
    posts = Counter(posts_on(day).values_list("unit_id", flat=True))
    below: dict[int | None, list[Unit]] = {}
    for found in Unit.objects.filter(pk__in=parents).order_by("order", "name_key", "id"):
        parent = parents[found.pk]
        below.setdefault(parent if parent in parents else None, []).append(found)
    rows: list[tuple[Unit, int, int]] = []
    waiting = [(found, 0) for found in reversed(below.get(None, []))]
    while waiting:
        found, depth = waiting.pop()
        rows.append((found, depth, posts[found.pk]))
        waiting += [(child, depth + 1) for child in reversed(below.get(found.pk, []))]
    return rows


def open_units(day: date) -> QuerySet[Unit]:
    """The units that exist on a day."""
    return Unit.objects.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))
