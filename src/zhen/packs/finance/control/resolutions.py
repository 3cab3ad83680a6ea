"""Collective decisions: entered, reviewed legally by another, and used up to their amount."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.packs.finance import duties
from zhen.packs.finance.control import rights
from zhen.packs.finance.control.models import Cover, PaperKind, Resolution
from zhen.packs.finance.control.papers import PAPERS, number, paper_of


@action(rights.ENTER)
def enter(actor: Actor, given: Mapping[str, Any]) -> Resolution:
    """Enter what a meeting has resolved. More than half of those present have voted for it."""
    _check(given)
    try:
        with transaction.atomic():
            made = Resolution.objects.create(entered_by_id=actor.user_id, **given)
    except IntegrityError as fault:
        raise Refused(
            field=_("number of the resolution"),
            value=given["number"],
            reason=_("it is entered already"),
            remedy=_("Look at that resolution"),
        ) from fault
    _tell("finance.resolution_entered", actor, made, amount=str(Money(made.amount)), meeting=made.meeting)
    return made


def _check(given: Mapping[str, Any]) -> None:
    votes = given["votes_for"] + given.get("votes_against", 0) + given.get("abstentions", 0)
    if votes > given["present"]:
        raise Refused(
            field=_("number present"),
            value=given["present"],
            reason=_("%(votes)s have voted") % {"votes": votes},
            remedy=_("Count again"),
        )
    if given["votes_for"] * 2 <= given["present"]:
        raise Refused(
            field=_("votes for"),
            value=given["votes_for"],
            reason=_("it is not more than half of those present"),
            remedy=_("What was not carried is no resolution"),
        )
    if given["held_on"] > clock.today():
        raise Refused(
            field=_("held on the day"), value=given["held_on"], reason=_("it lies ahead"), remedy=_("Give the day")
        )
    if given["amount"] <= 0:
        raise Refused(
            field=_("covers up to"),
            value=Money(given["amount"]),
            reason=_("it is not above zero"),
            remedy=_("Enter the amount that was resolved"),
        )


@action(rights.LEGAL)
def review(actor: Actor, resolution: Resolution, *, lawful: bool, opinion: str) -> Resolution:
    """The legal adviser's opinion (合法性审查). Without it, or with his objection, a resolution covers nothing."""
    held = Resolution.objects.select_for_update(of=("self",)).get(pk=resolution.pk)
    if held.lawful is not None:
        raise Outdated(
            field=_("resolution"), value=held, reason=_("it is reviewed already"), remedy=_("Look at it as it stands")
        )
    duties.check(actor, "resolution.review", {"resolution.enter": held.entered_by_id})
    if not opinion.strip():
        raise Refused(
            field=_("opinion of the legal adviser"),
            value="",
            reason=_("no opinion was given"),
            remedy=_("Write the opinion"),
        )
    held.lawful, held.opinion = lawful, opinion.strip()[:2000]
    held.reviewed_by_id, held.reviewed_at = actor.user_id, clock.now()
    held.save(update_fields=["lawful", "opinion", "reviewed_by", "reviewed_at"])
    _tell("finance.resolution_reviewed" if lawful else "finance.resolution_objected", actor, held)
    return held


@action(rights.COVER)
def cover(actor: Actor, resolution: Resolution, kind: str, paper_id: int) -> Cover:
    """Name the resolution that covers a paper. More than is left of it is refused, by the database too."""
    paper = PAPERS[PaperKind(kind)]
    rows = paper.model.objects.select_for_update(of=("self",)).filter(state=paper.model.State.ASKED)
    subject = actionable(actor, rights.COVER, rows).filter(pk=paper_id).first()
    if subject is None:
        raise Outdated(
            field=_("paper"), value=paper_id, reason=_("it is decided on"), remedy=_("Look at it as it stands")
        )
    if Cover.objects.filter(kind=kind, paper=paper_id).exists():
        raise Outdated(
            field=_("paper"),
            value=subject,
            reason=_("a resolution covers it already"),
            remedy=_("Look at it as it stands"),
        )
    held = Resolution.objects.select_for_update(of=("self",)).get(pk=resolution.pk)
    if not held.lawful:
        raise Refused(
            field=_("resolution"),
            value=held,
            reason=_("the legal adviser has not agreed to it"),
            remedy=_("Have it reviewed first"),
        )
    if held.left < subject.amount:
        raise Refused(
            field=_("resolution"),
            value=held,
            reason=_("only %(left)s of it are left") % {"left": Money(held.left)},
            remedy=_("Choose another resolution, or have the meeting resolve on more"),
        )
    Resolution.objects.filter(pk=held.pk).update(used=F("used") + subject.amount)
    made = Cover.objects.create(
        resolution=held,
        kind=kind,
        paper=subject.pk,
        number=number(subject),
        title=paper.title(subject)[:200],
        amount=subject.amount,
        named_by_id=actor.user_id,
        named_at=clock.now(),
    )
    _tell("finance.resolution_used", actor, held, paper=made.number, amount=str(Money(made.amount)))
    return made


def require(subject: Any) -> None:
    """Refuse a paper that no resolution covers."""
    kind = paper_of(subject).kind
    if not Cover.objects.filter(kind=kind, paper=subject.pk, amount__gte=subject.amount).exists():
        raise Refused(
            field=_("resolution"),
            value=subject,
            reason=_("so large a sum needs a collective decision, and no resolution covers it"),
            remedy=_("Name the resolution on the page of the paper"),
        )


def give_back(subject: Any) -> None:
    """What a paper that is not carried out has used of a resolution is free again; part of its action."""
    held = Cover.objects.select_for_update(of=("self",)).filter(kind=paper_of(subject).kind, paper=subject.pk).first()
    if held is not None:
        Resolution.objects.filter(pk=held.resolution_id).update(used=F("used") - held.amount)
        held.delete()


def _tell(kind: str, actor: Actor, resolution: Resolution, **data: object) -> None:
    journal.record(kind, by=actor, subject=resolution, data={"number": resolution.number, **data})
