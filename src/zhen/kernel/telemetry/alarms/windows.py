"""Entering and ending suppressions."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.places.api import Place
from zhen.kernel.telemetry.alarms.rules import LONGEST_SUPPRESSION
from zhen.kernel.telemetry.alarms.values import SUPPRESS
from zhen.kernel.telemetry.models import Device, Suppression


@action(SUPPRESS)
def suppress(
    actor: Actor,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    device: Device | None = None,
    place: Place | None = None,
    unit_id: int | None = None,
) -> Suppression:
    """Let alarms of a device, or of a place and all in it, trouble nobody for a time. They are recorded all the same.

    A gateway's suppression covers what is behind it. `unit_id` is who answers for it, where it is of a place.
    """
    _check(starts_at, ends_at, reason)
    unit = device.unit_id if device is not None else unit_id
    if (device is None) == (place is None) or unit is None:
        raise Refused(
            field=_("place"), value="", reason=_("nothing or too much is named"), remedy=_("Name a device or a place")
        )
    row = Suppression.objects.create(
        device=device,
        place=place,
        unit_id=unit,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason.strip(),
        by_id=actor.user_id,
        made_at=clock.now(),
    )
    if not _reached(actor, row, device):
        raise Denied(SUPPRESS, actor)
    _tell("telemetry.suppressed", actor, row)
    return row


@action(SUPPRESS)
def end_suppression(actor: Actor, suppression: int) -> None:
    """End it before its time. What is still active is shown from then on."""
    now = clock.now()
    row = actionable(actor, SUPPRESS, Suppression.objects.select_for_update(of=("self",))).get(pk=suppression)
    if row.ends_at <= now:
        raise Outdated(
            field=_("suppression"), value=row, reason=_("it is over"), remedy=_("Look at it as it stands now")
        )
    row.ends_at = max(now, row.starts_at)
    row.save(update_fields=["ends_at"])
    _tell("telemetry.suppression_ended", actor, row)


def _reached(actor: Actor, row: Suppression, device: Device | None) -> bool:
    if device is not None:
        return actionable(actor, SUPPRESS, Device.objects.filter(pk=device.pk)).exists()
    return actionable(actor, SUPPRESS, Suppression.objects.filter(pk=row.pk)).exists()


def _check(starts_at: datetime, ends_at: datetime, reason: str) -> None:
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("it is empty"), remedy=_("Say what is being done"))
    if not starts_at < ends_at <= starts_at + LONGEST_SUPPRESSION:
        raise Refused(
            field=_("until"),
            value=ends_at,
            reason=_("it is not within seven days of the beginning"),
            remedy=_("Give an end after the beginning, at most seven days later"),
        )


def _tell(kind: str, actor: Actor, row: Suppression) -> None:
    zone = clock.TOWN_ZONE
    journal.record(
        kind,
        by=actor,
        subject=row,
        area=row.place_id if row.device is None else row.device.place_id,
        unit=row.unit_id,
        data={
            "what": row.device.name if row.device is not None else str(row.place),
            "from": f"{row.starts_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "until": f"{row.ends_at.astimezone(zone):%Y-%m-%d %H:%M}",
            "reason": row.reason,
        },
    )
