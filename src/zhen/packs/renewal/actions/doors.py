"""The doors of a site that is rebuilt in place, and their three facts: entered by one, confirmed by another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated
from zhen.packs.renewal import rights
from zhen.packs.renewal.actions.common import held, no, open_project, tell
from zhen.packs.renewal.kinds import KINDS, Kind
from zhen.packs.renewal.models import Door, DoorFact, Project

ORDER = (DoorFact.Kind.CONSULTED, DoorFact.Kind.SIGNED, DoorFact.Kind.MOVED)
MOST = 2_000


@action(rights.DOOR_ENTER)
def add_doors(actor: Actor, project: Project, labels: Sequence[str]) -> int:
    """Enter the doors of a site, each once, with its three facts still open. Gives how many."""
    found = open_project(actor, rights.DOOR_ENTER, project)
    if not KINDS[Kind(found.kind)].doors:
        raise no(_("renewal project"), found.name, _("nobody moves out for it"), _("Choose a site that is rebuilt"))
    wanted = list(dict.fromkeys(label.strip()[:60] for label in labels if label.strip()))
    known = set(found.doors.values_list("label", flat=True))
    twice = next((label for label in wanted if label in known), None)
    if not wanted or len(wanted) + len(known) > MOST:
        raise no(_("doors"), len(wanted), _("there are none, or too many"), _("Give one door on each line"))
    if twice is not None:
        raise no(_("doors"), twice, _("this door is entered already"), _("Leave it out"))
    made = Door.objects.bulk_create(
        Door(project=found, number=number, label=label, entered_by_id=actor.user_id)
        for number, label in enumerate(wanted, len(known) + 1)
    )
    DoorFact.objects.bulk_create(DoorFact(door=door, kind=kind) for door in made for kind in ORDER)
    tell("renewal.doors_entered", actor, found, doors=len(made))
    return len(made)


@action(rights.DOOR_ENTER)
def enter_fact(actor: Actor, fact: DoorFact, *, on: date, proof: str) -> DoorFact:
    """Say that a door was consulted, has signed or has moved. It counts once somebody else has confirmed it."""
    found = held(actor, rights.DOOR_ENTER, fact)
    if found.confirmed_at is not None:
        raise Outdated(
            field=_("fact"),
            value=found.get_kind_display(),
            reason=_("it is confirmed already"),
            remedy=_("Look at the door again"),
        )
    if on > clock.today():
        raise no(_("day"), on, _("this day lies ahead"), _("Wait for it"))
    if not proof.strip():
        raise no(_("proof"), "", _("nothing shows it"), _("Name the paper by its number"))
    before = DoorFact.objects.filter(door=found.door_id, kind__in=ORDER[: ORDER.index(DoorFact.Kind(found.kind))])
    for one in before:
        if one.on is None or one.on > on:
            raise no(
                _("day"), on, _("“%s” comes before it") % one.get_kind_display(), _("Enter that first, or mend the day")
            )
    found.on, found.proof = on, proof.strip()[:200]
    found.entered_by_id, found.entered_at = actor.user_id, clock.now()
    found.save()
    _tell("renewal.fact_entered", actor, found)
    return found


@action(rights.DOOR_CONFIRM)
def confirm_fact(actor: Actor, fact: DoorFact) -> DoorFact:
    """Confirm what somebody else has entered, having looked at its proof."""
    found = _entered(actor, fact)
    if actor.user_id is None or found.entered_by_id is None or found.entered_by_id == actor.user_id:
        raise no(_("fact"), found.get_kind_display(), _("you entered it yourself"), _("Ask somebody else"))
    unsure = DoorFact.objects.filter(
        door=found.door_id, kind__in=ORDER[: ORDER.index(DoorFact.Kind(found.kind))], confirmed_at__isnull=True
    ).first()
    if unsure is not None:
        raise no(
            _("fact"),
            found.get_kind_display(),
            _("“%s” is not confirmed") % unsure.get_kind_display(),
            _("Confirm that first"),
        )
    found.confirmed_by_id, found.confirmed_at = actor.user_id, clock.now()
    found.save(update_fields=["confirmed_by", "confirmed_at"])
    _tell("renewal.fact_confirmed", actor, found)
    return found


@action(rights.DOOR_CONFIRM)
def send_back(actor: Actor, fact: DoorFact, reason: str) -> DoorFact:
    """What was entered does not hold: it is open again. The journal keeps that it was entered."""
    found = _entered(actor, fact)
    if not reason.strip():
        raise no(_("reason"), "", _("whoever entered it must know why"), _("Say why"))
    found.on, found.proof, found.entered_by, found.entered_at = None, "", None, None
    found.save()
    _tell("renewal.fact_sent_back", actor, found, reason=reason.strip()[:300])
    return found


def _entered(actor: Actor, fact: DoorFact) -> DoorFact:
    found = held(actor, rights.DOOR_CONFIRM, fact)
    if found.entered_at is None or found.confirmed_at is not None:
        raise Outdated(
            field=_("fact"),
            value=found.get_kind_display(),
            reason=_("it is not waiting to be confirmed"),
            remedy=_("Look at the door again"),
        )
    return found


def _tell(kind: str, actor: Actor, fact: DoorFact, **data: object) -> None:
    """The journal names the door by its number, never by its address."""
    tell(kind, actor, fact.door.project, door=fact.door.number, fact=DoorFact.Kind(fact.kind).label, **data)
