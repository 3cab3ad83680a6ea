"""Giving, ending, deputising and handing over posts."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhen.kernel.access.api import (
    ROLES,
    SEPARATIONS,
    Actor,
    Denied,
    Duty,
    Reach,
    Role,
    Separation,
    action,
    permissions_of,
)
from zhen.kernel.identity.models import Post, Unit, User
from zhen.kernel.identity.rules import Span, conflicting_duty
from zhen.kernel.journal import api as journal
from zhen.kernel.places.api import Place

DUTIES = {
    Duty.BUSINESS: gettext_lazy("business"),
    Duty.SYSTEM: gettext_lazy("system administration"),
    Duty.SECURITY: gettext_lazy("security administration"),
    Duty.AUDIT: gettext_lazy("audit"),
}


@action("identity.post.manage")
def give_post(
    actor: Actor,
    *,
    user: User,
    role: str,
    unit: Unit,
    area: Place | None = None,
    valid_from: date,
    valid_to: date | None = None,
    despite: str = "",
) -> Post:
    """Give somebody a role in a unit from a day on. Nobody gives himself anything.

    `despite` is why he gets it although another post of his does not go with it; the journal keeps it.
    """
    _require_another(actor, user)
    declared = _role(role)
    if declared.reach is Reach.AREA and area is None:
        raise ValidationError({"area": _("The role {role} works in an area: name it.").format(role=declared.name)})
    if unit.closed_on is not None and (valid_to is None or valid_to > unit.closed_on):
        raise ValidationError({"unit": _("This unit closes before the post ends: choose another one.")})
    post = Post(
        user=user, role=role, duty=declared.duty, unit=unit, area=area, valid_from=valid_from, valid_to=valid_to
    )
    _save(post, despite)
    told = _told(post) | ({"despite": despite.strip()} if despite.strip() else {})
    journal.record("identity.post_given", by=actor, subject=post, unit=unit.pk, area=post.area_id, data=told)
    return post


@action("identity.post.manage")
def end_post(actor: Actor, post: Post, *, on: date, reason: str) -> None:
    """End a post and its deputies; a post that had not begun by then is withdrawn."""
    _end(actor, post, on=on, reason=reason)


@action(None)
def deputise(actor: Actor, post: Post, *, user: User, valid_from: date, valid_to: date, despite: str = "") -> Post:
    """Let somebody act in a post for some days; its holder may do so himself for a business post.

    A deputy's post cannot be deputised again: responsibility stays one step away. `despite` as for `give_post`: only
    who gives posts may say it.
    """
    own = actor.user_id == post.user_id and post.duty == Duty.BUSINESS
    if not own:
        actor.require("identity.post.manage")
        _require_another(actor, user)
    if user.pk == post.user_id or user.is_machine:
        raise ValidationError({"user": _("Choose another person as the deputy.")})
    if post.deputises_id is not None:
        raise ValidationError({"post": _("A deputy cannot name a deputy: the holder of the post does that.")})
    if valid_from < post.valid_from or (post.valid_to is not None and valid_to > post.valid_to):
        raise ValidationError({"valid_to": _("The deputy's days must lie within the days of the post.")})
    deputy = Post(
        user=user,
        role=post.role,
        duty=post.duty,
        unit=post.unit,
        area=post.area,
        deputises=post,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    if despite.strip():
        actor.require("identity.post.manage")
    _save(deputy, despite)
    journal.record(
        "identity.post_deputised",
        by=actor,
        subject=deputy,
        unit=post.unit_id,
        area=post.area_id,
        data=_told(deputy)
        | {"principal": str(post.user), "principal_id": post.user_id, "end": valid_to.isoformat()}
        | ({"despite": despite.strip()} if despite.strip() else {}),
    )
    return deputy


@action("identity.post.manage")
def hand_over(actor: Actor, *, user: User, successor: User, on: date) -> list[Post]:
    """Give all posts that somebody holds on a day to a successor from that day on."""
    if user.pk == successor.pk:
        raise ValidationError({"successor": _("Choose another person as the successor.")})
    _require_another(actor, successor)
    posts = list(
        user.posts.select_for_update(of=("self",))
        .select_related("unit", "user")
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), deputises__isnull=True)
    )
    if not posts:
        raise ValidationError({"user": _("{who} holds no post on that day.").format(who=user)})
    given = []
    for post in posts:
        end = post.valid_to
        start = max(post.valid_from, on)
        _end(actor, post, on=on, reason=_("handed over to {who}").format(who=successor))
        new = Post(
            user=successor,
            role=post.role,
            duty=post.duty,
            unit=post.unit,
            area=post.area,
            valid_from=start,
            valid_to=end,
        )
        _save(new)
        journal.record("identity.post_given", by=actor, subject=new, unit=new.unit_id, data=_told(new))
        given.append(new)
    journal.record(
        "identity.handed_over",
        by=actor,
        subject=user,
        data={
            "who": str(user),
            "successor": str(successor),
            "successor_id": successor.pk,
            "count": len(given),
            "day": on.isoformat(),
        },
    )
    return given


def end_all_posts(actor: Actor, user: User, *, on: date, reason: str) -> None:
    """Part of deactivating somebody; the caller's action holds the permission."""
    for post in user.posts.select_related("unit", "user").filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)):
        _end(actor, post, on=on, reason=reason)


def _end(actor: Actor, post: Post, *, on: date, reason: str) -> None:
    if post.valid_to is not None and post.valid_to <= on:
        raise ValidationError({"on": _("The post has ended by then.")})
    for deputy in post.deputies.select_related("unit", "user").filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)):
        _end(actor, deputy, on=on, reason=reason)
    told = _told(post) | {"day": on.isoformat(), "reason": reason}
    if post.valid_from >= on:
        kind, subject = "identity.post_withdrawn", ("identity.post", post.pk)
        post.delete()
    else:
        kind, subject = "identity.post_ended", ("identity.post", post.pk)
        post.valid_to = on
        post.save(update_fields=["valid_to"])
    journal.record(kind, by=actor, subject=subject, unit=post.unit_id, area=post.area_id, data=told)


def _save(post: Post, despite: str = "") -> None:
    """Save a post; the rule speaks first, the database's constraint catches what happens at the same time."""
    span = Span(start=post.valid_from, end=post.valid_to)
    if span.end is not None and span.end <= span.start:
        raise ValidationError({"valid_to": _("The last day must be after the first.")})
    if not post.user.is_active:
        raise ValidationError({"user": _("The account of {who} is not active.").format(who=post.user)})
    if post.user.is_machine and post.duty != Duty.BUSINESS:
        raise ValidationError({"user": _("A machine account cannot be an administrator.")})
    User.objects.select_for_update(no_key=True).get(pk=post.user_id)  # two posts at once are given one after the other
    held = [(Duty(other.duty), Span(start=other.valid_from, end=other.valid_to)) for other in post.user.posts.all()]
    conflict = conflicting_duty(held, Duty(post.duty), span)
    if conflict is not None:
        raise _separate(post, conflict)
    met = _met(post, span)
    if met is not None and not despite.strip():
        raise _incompatible(post, met)
    try:
        with transaction.atomic():
            post.save()
    except IntegrityError as error:
        if "identity_post_separate_duties" not in str(error):
            raise
        raise _separate(post, None) from error


def _separate(post: Post, conflict: Duty | None) -> ValidationError:
    sentence = _(
        "{who} cannot take on {new} and hold {old} in the same days: "
        "system, security and audit administration and business stay in separate hands."
    )
    old = DUTIES[conflict] if conflict else _("another duty")
    told = sentence.format(who=post.user, new=DUTIES[Duty(post.duty)], old=old)
    return ValidationError({"role": ValidationError(told, code="separate_duties")})


def _met(post: Post, span: Span) -> Separation | None:
    """The first rule by which the post does not go with others that its holder has in the same days."""
    others = [
        ROLES[other.role]
        for other in post.user.posts.all()
        if other.role in ROLES and Span(start=other.valid_from, end=other.valid_to).overlaps(span)
    ]
    held = frozenset[str]().union(*(permissions_of(role) for role in others))
    new = permissions_of(_role(post.role))
    return next((one for one in SEPARATIONS if one.other_side(new) & held), None)


def _incompatible(post: Post, met: Separation) -> ValidationError:
    sentence = _(
        "{who} would do two things that one person never combines: {reason} (rule {rule}). Choose another person; "
        "where there is none, the security administrator gives the post and says why."
    )
    told = sentence.format(who=post.user, reason=met.reason, rule=met.rule)
    return ValidationError({"role": ValidationError(told, code="incompatible_duties")})


def _role(id: str) -> Role:
    role = ROLES.get(id)
    if role is None:
        raise ValidationError({"role": _("There is no role {role}.").format(role=id)})
    return role


def _require_another(actor: Actor, user: User) -> None:
    if actor.user_id == user.pk:
        raise Denied("identity.post.manage", actor)


def _told(post: Post) -> dict[str, object]:
    return {
        "who": str(post.user),
        "user_id": post.user_id,
        "role": post.role,
        "unit": post.unit.name,
        "day": post.valid_from.isoformat(),
        "until": post.valid_to.isoformat() if post.valid_to else None,
    }
