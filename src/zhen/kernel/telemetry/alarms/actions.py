"""What people do with alarms: acknowledge, assign, comment, clear, close with a cause, suppress."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.identity.api import User
from zhen.kernel.journal.api import NewEvent, record_many
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.notify.api import tell
from zhen.kernel.telemetry.alarms import states
from zhen.kernel.telemetry.alarms.programs import programs
from zhen.kernel.telemetry.alarms.rules import causes_of
from zhen.kernel.telemetry.alarms.telling import url_of, words_of
from zhen.kernel.telemetry.alarms.values import CLOSE, HANDLE
from zhen.kernel.telemetry.declarations import CAUSES
from zhen.kernel.telemetry.models import Alarm, AlarmComment, Incident
from zhen.kernel.telemetry.rules.values import micro

LONGEST_TEXT = 1000


@action(HANDLE, silent=True)
def acknowledge(actor: Actor, alarms: Sequence[int]) -> int:
    """Say that somebody looks after alarms; nobody else is called then. What is acknowledged already stays so."""
    return looked_after(actor, _locked(actor, HANDLE, alarms))


def looked_after(actor: Actor, alarms: QuerySet[Alarm]) -> int:
    """Note in an action whose right was checked that somebody looks after alarms."""
    waiting = alarms.filter(acknowledged_at__isnull=True, closed_at__isnull=True)
    rows = list(waiting.select_for_update(of=("self",)).select_related("device").order_by("pk"))
    Alarm.objects.filter(pk__in=[row.pk for row in rows]).update(
        acknowledged_at=clock.now(), acknowledged_by=actor.user_id, next_step_at=None
    )
    _tell(actor, "telemetry.alarm_acknowledged", rows)
    return len(rows)


@action(HANDLE)
def acknowledge_incident(actor: Actor, incident: int) -> None:
    """Acknowledge all alarms of an incident at once."""
    ids = Alarm.objects.filter(incident=incident, acknowledged_at__isnull=True, closed_at__isnull=True)
    if not acknowledge(actor, list(ids.values_list("pk", flat=True))):
        raise _settled(Incident._meta.verbose_name, incident)


@action(HANDLE)
def assign(actor: Actor, alarm: int, person: User) -> None:
    """Give an alarm to a person, who hears of it."""
    row = _one(actor, HANDLE, alarm)
    if not person.is_active or person.is_machine:
        raise Refused(
            field=_("person"), value=person, reason=_("he cannot sign in"), remedy=_("Choose somebody who can")
        )
    row.assigned_to = person
    row.save(update_fields=["assigned_to"])
    if person.pk != actor.user_id:
        tell("telemetry.alarm_assigned", [person], values=words_of(row), about=row, url=url_of(row))
    _tell(actor, "telemetry.alarm_given", [row], person=person.name)


@action(HANDLE)
def comment(actor: Actor, alarm: int, text: str) -> AlarmComment:
    row = _one(actor, HANDLE, alarm, open_only=False)
    if not text.strip():
        raise Refused(field=_("text"), value="", reason=_("it is empty"), remedy=_("Say what you know"))
    if len(text) > LONGEST_TEXT:
        raise Refused(
            field=_("text"),
            value=text,
            reason=_("it is longer than %(most)s characters") % {"most": LONGEST_TEXT},
            remedy=_("Shorten it"),
        )
    said = AlarmComment.objects.create(alarm=row, text=text.strip(), by_id=actor.user_id, at=clock.now())
    _tell(actor, "telemetry.alarm_commented", [row])
    return said


@action(HANDLE)
def clear(actor: Actor, alarm: int) -> None:
    """Say that the condition is over, where the device cannot. Does it go on, the next reading alarms anew."""
    row = _one(actor, HANDLE, alarm, open_only=False)
    if row.cleared_at is not None:
        raise _settled(row._meta.verbose_name, row)
    now = clock.now()
    _forget_state(row, now)
    row.cleared_at, row.cleared_by_id = max(now, row.opened_at), actor.user_id
    row.save(update_fields=["cleared_at", "cleared_by"])
    _tell(actor, "telemetry.alarm_cleared", [row])


@action(CLOSE)
def close(actor: Actor, alarm: int, *, cause: str, note: str = "") -> None:
    """Close an alarm with what it was. It may still be active: then no new one opens until its condition is over."""
    row = _one(actor, CLOSE, alarm)
    _check_cause(row, cause)
    _close(actor, [row], cause, note)


@action(CLOSE)
def close_incident(actor: Actor, incident: int, *, cause: str, note: str = "") -> None:
    """Close all alarms of an incident with one cause, and the incident."""
    rows = list(
        actionable(actor, CLOSE, Alarm.objects.filter(incident=incident, closed_at__isnull=True))
        .select_for_update(of=("self",))
        .select_related("device")
        .order_by("pk")
    )
    if not rows:
        raise _settled(Incident._meta.verbose_name, incident)
    for row in rows:
        _check_cause(row, cause)
    _close(actor, rows, cause, note)


def _close(actor: Actor, rows: Sequence[Alarm], cause: str, note: str) -> None:
    now, by = clock.now(), actor.user_id
    for row in rows:
        row.closed_at, row.closed_by_id, row.cause, row.note, row.next_step_at = (
            now,
            by,
            cause,
            note.strip()[:500],
            None,
        )
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by_id = now, by
    fields = ("closed_at", "closed_by", "cause", "note", "next_step_at", "acknowledged_at", "acknowledged_by")
    Alarm.objects.bulk_update(rows, fields)
    _tell(actor, "telemetry.alarm_closed", rows, cause=cause, cause_name=str(CAUSES[cause]))
    settle_incidents({row.incident_id for row in rows if row.incident_id is not None}, now)


def settle_incidents(incidents: Iterable[int], now: datetime) -> None:
    """An incident is over when the last of its alarms is closed; its cause is that of the alarm closed last."""
    over = (
        Incident.objects.select_for_update(of=("self",))
        .filter(pk__in=set(incidents), closed_at__isnull=True)
        .exclude(alarms__closed_at__isnull=True)
        .order_by("pk")
    )
    found = list(over)
    last = (
        Alarm.objects.filter(incident__in=found)
        .order_by("incident", F("severity").asc(), "closed_at", "pk")
        .values_list("incident", "cause")
    )
    causes = dict(last)
    for incident in found:
        incident.closed_at, incident.cause = now, causes[incident.pk]
    Incident.objects.bulk_update(found, ["closed_at", "cause"])


def _check_cause(row: Alarm, cause: str) -> None:
    known = causes_of(row.profile)
    if cause not in known:
        raise Refused(
            field=_("cause"),
            value=cause,
            reason=_("it is no cause of this kind of alarm"),
            remedy=_("Choose one of: %(causes)s") % {"causes": "、".join(str(CAUSES[one]) for one in known)},
        )


def _forget_state(row: Alarm, now: datetime) -> None:
    """The rule no longer thinks that the alarm goes on. The state is locked first, as in the taking of readings."""
    key = (row.device_id, row.rule)
    state = states.of_devices([row.device_id]).get(key)
    program = programs(now).of(row.profile, row.device_id)
    machine = program.machines.get(row.rule) if program else None
    if state is None or machine is None:
        states.forget([key])
    else:
        after, _effects = machine.on_cleared(row.device_id, state, micro(now))
        states.keep({key: after})


def _locked(actor: Actor, permission: str, alarms: Sequence[int]) -> QuerySet[Alarm]:
    rows = Alarm.objects.select_for_update(of=("self",)).filter(pk__in=alarms).select_related("device").order_by("pk")
    return actionable(actor, permission, rows)


def _one(actor: Actor, permission: str, alarm: int, *, open_only: bool = True) -> Alarm:
    """Raises Alarm.DoesNotExist where the actor does not reach it, Outdated where it is closed."""
    row = _locked(actor, permission, [alarm]).get()
    if open_only and row.closed_at is not None:
        raise _settled(row._meta.verbose_name, row)
    return row


def _settled(field: object, value: object) -> Outdated:
    return Outdated(
        field=str(field),
        value=value,
        reason=_("somebody has settled it meanwhile"),
        remedy=_("Look at it as it stands now"),
    )


def _tell(actor: Actor, kind: str, rows: Sequence[Alarm], **data: object) -> None:
    record_many(
        [NewEvent(kind, row, row.place_id, row.unit_id, {**words_of(row), **data}) for row in rows],
        by=actor,
    )
