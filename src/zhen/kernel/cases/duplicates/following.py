"""Following another's report, and merging a repeat into its original."""

from __future__ import annotations

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.actions.common import tell
from zhen.kernel.cases.actions.working import link
from zhen.kernel.cases.declarations import CASE_TYPES, Visibility
from zhen.kernel.cases.models import Case, Follow, Link
from zhen.kernel.cases.secret import case_followed_by, secret_hash
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing

SHORTEST_SECRET = 16


@action(None, silent=True)
def follow(actor: Actor, number: str, secret: str = "") -> Follow:
    """Follow an open report that the town shows to everybody: with an account, or with a secret of one's own.

    Following twice with one account is following once. Raises Missing where there is no such report.
    """
    case = Case.objects.select_for_update(of=("self",)).filter(number=number, visible=True).first()
    if case is None or CASE_TYPES[case.type].visibility is not Visibility.PUBLIC:
        raise Missing(number)
    if not case.open:
        raise Refused(
            field=_("report"),
            value=number,
            reason=_("it is closed already"),
            remedy=_("Report it anew if it is there again"),
        )
    user_id = actor.user_id
    if user_id is None and len(secret) < SHORTEST_SECRET:
        raise Refused(
            field=_("secret"),
            value="",
            reason=_("it is missing or too short"),
            remedy=_("Give a secret of at least 16 characters, or sign in"),
        )
    who = {"user_id": user_id} if user_id is not None else {"secret_hash": secret_hash(secret)}
    row, new = Follow.objects.get_or_create(case=case, **who, defaults={"at": clock.now()})
    if new:
        _count(case, 1)
        _tell("cases.followed", case)
    return row


@action(None, silent=True)
def unfollow(actor: Actor, number: str, secret: str = "") -> bool:
    """Stop following. Tells nothing about whether somebody followed with another secret."""
    if actor.user_id is not None:
        row = Follow.objects.filter(user_id=actor.user_id, case__number=number).first()
    else:
        case_id = case_followed_by(number, secret)
        row = Follow.objects.filter(case_id=case_id, secret_hash=secret_hash(secret)).first() if case_id else None
    if row is None:
        return False
    case = Case.objects.select_for_update(of=("self",)).get(pk=row.case_id)
    row.delete()
    _count(case, -1)
    _tell("cases.unfollowed", case)
    return True


def _tell(kind: str, case: Case) -> None:
    """The journal knows that somebody follows, and nobody learns from it who."""
    tell(kind, Actor.anonymous(), case)


def _count(case: Case, by: int) -> None:
    """The number alone changes: nobody who is writing on the case is in the way of it."""
    Case.objects.filter(pk=case.pk).update(followers=F("followers") + by)
    case.followers += by


def followed(number: str, secret: str) -> Case:
    """The case that somebody follows by number and secret. Wrong number and wrong secret look the same.

    Raises Missing.
    """
    case_id = case_followed_by(number, secret)
    if case_id is None:
        raise Missing(number)
    return Case.objects.select_related("category", "area", "unit").get(pk=case_id)


@action(None, asks="link")
def merge(actor: Actor, case_id: int, original_id: int, note: str = "") -> Link:
    """Say that a case repeats another. Both stay; who reported or follows the repeat hears with the original.

    Cases that were linked to the repeat as its own repeats are linked to the original, so no chain arises. Rights,
    locks and the count of followers are those of `link`.
    """
    again = list(Link.objects.select_for_update().filter(kind=Link.Kind.REPEAT, target_id=case_id))
    made = link(actor, case_id, Link.Kind.REPEAT, target_id=original_id, note=note)
    for other in again:
        other.target_id = original_id
        other.save(update_fields=["target"])
    return made


def original_of(case: Case) -> Case | None:
    """The report that the case repeats."""
    row = Link.objects.select_related("target").filter(case=case, kind=Link.Kind.REPEAT).first()
    return row.target if row else None
