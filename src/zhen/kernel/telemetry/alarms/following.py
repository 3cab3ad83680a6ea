"""What follows an alarm: people are told step by step until somebody acknowledges, and a grave one becomes a case.

This is a job, not a part of taking readings (docs/adr/0065): it is enqueued with the alarm, in its transaction, so it
runs as soon as the alarm is there; a case that cannot be opened holds up no reading; and the clock runs it again, so
nothing hangs on one run. Each alarm's step and each incident's case is taken under a lock, and happens once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation

from zhen.kernel.cases.api import CASE_TYPES, NewCase, receive
from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.journal.api import NewEvent, record, record_many
from zhen.kernel.lib import clock
from zhen.kernel.notify.api import tell
from zhen.kernel.places import api as places
from zhen.kernel.places.api import AREAS
from zhen.kernel.telemetry.alarms import incidents
from zhen.kernel.telemetry.alarms.rules import Step, due_steps, next_step, steps_of
from zhen.kernel.telemetry.alarms.telling import url_of, words_of
from zhen.kernel.telemetry.alarms.values import DESK, OPENS_CASE, TEST
from zhen.kernel.telemetry.declarations import Severity
from zhen.kernel.telemetry.models import Alarm, EscalationStep, Incident, Shift

log = logging.getLogger(__name__)

AT_ONCE = 200
ROUNDS = 50


def follow() -> None:
    """Everything that follows by now. One incident whose case cannot be opened holds up no other."""
    for batch in (end_suppressed, escalate):
        for _round in range(ROUNDS):
            with transaction.atomic():
                if not batch(clock.now()):
                    break
    waiting = caseless().order_by("opened_at").values_list("pk", flat=True)
    faults: list[Exception] = []
    for incident in list(waiting[: AT_ONCE * ROUNDS]):
        try:
            with transaction.atomic():
                open_case(incident, clock.now())
        except Exception as fault:  # told at the end, when the other incidents have their cases
            log.exception("no case could be opened for the incident %s", incident)
            faults.append(fault)
    if faults:
        raise ExceptionGroup("incidents without their case", faults)


def caseless() -> QuerySet[Incident]:
    """Incidents that are grave enough for a case and have none yet."""
    return Incident.objects.filter(
        case__isnull=True,
        closed_at__isnull=True,
        severity__gte=OPENS_CASE,
        case_type__in=[type_.id for type_ in CASE_TYPES],
    )


def open_case(incident_id: int, now: datetime) -> bool:
    """One case for an incident. Gives whether this call opened it.

    The incident is locked, and its number is the one that the case has at its source: a case that is there already is
    found, never opened twice.
    """
    rows = caseless().select_for_update(of=("self",), skip_locked=True).filter(pk=incident_id)
    incident = rows.first()
    if incident is None:
        return False
    alarm = incident.alarms.select_related("device").order_by("-severity", "opened_at", "pk")[0]
    with translation.override(settings.LANGUAGE_CODE):
        new = _case_of(incident, alarm, now)
    incident.case = receive(DESK, incident.case_type, new)
    incident.save(update_fields=["case"])
    record(
        "telemetry.case_opened",
        by=DESK,
        subject=incident,
        area=incident.building_id,
        unit=incident.unit_id,
        data={"number": incident.case.number, "rule": str(alarm.rule_name)},
    )
    return True


def _case_of(incident: Incident, alarm: Alarm, now: datetime) -> NewCase:
    day = now.astimezone(clock.TOWN_ZONE).date()
    building = places.place_at(incident.building_id, day)
    around = places.ancestors(incident.building_id, day)
    name = building.name if building else str(incident.building)
    words = words_of(alarm)
    return NewCase(
        title=f"{words['rule']} · {name}",
        text=f"{words['at']} {words['device']} {alarm.device.spot}".strip(),
        place_id=incident.building_id,
        area_id=next((version.place_id for version in around if version.place.kind in AREAS), None),
        address=building.address if building else "",
        source="alarm",
        source_ref=str(incident.pk),
        urgent=incident.severity >= Severity.CRITICAL,
        unit_id=incident.unit_id,
        received_at=min(alarm.received_at, now),
    )


def escalate(now: datetime) -> int:
    """Tell whoever is to be told by now; gives how many alarms took a step.

    A person hears once of each step of an incident, and again when it has grown worse: a storm is not a storm of
    messages.
    """
    rows = list(
        Alarm.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(next_step_at__lte=now)
        .select_related("device")
        .order_by("next_step_at", "pk")[:AT_ONCE]
    )
    if not rows:
        return 0
    people = _People(rows, now)
    events: list[NewEvent] = []
    for row in rows:
        steps = people.steps(row)
        about = f"incident:{row.incident_id}:{row.severity}" if row.incident_id else f"alarm:{row.pk}"
        since = row.waits_since or row.received_at
        called: dict[int, User] = {}
        for step in due_steps(steps, severity=row.severity, since=since, now=now):
            new = [user for user in people.whom(step, row) if user.pk not in called]
            called |= {user.pk: user for user in new}
            told = tell(
                "telemetry.alarm",
                new,
                values=words_of(row),
                about=row,
                url=url_of(row),
                key=f"telemetry.{about}:{step.id}",
            )
            if told:
                row.steps += 1
                words = {**words_of(row), "step": str(step.whom.label), "told": len(told)}
                events.append(NewEvent("telemetry.alarm_told", row, row.place_id, row.unit_id, words))
        row.next_step_at = next_step(steps, severity=row.severity, since=since, now=now)
    Alarm.objects.bulk_update(rows, ["steps", "next_step_at"])
    record_many(events, by=DESK)
    return len(rows)


class _People:
    """Steps, rosters and posts, read once for a batch."""

    def __init__(self, rows: Sequence[Alarm], now: datetime) -> None:
        units = {row.unit_id for row in rows}
        self._steps = list(EscalationStep.objects.filter(Q(unit__in=units) | Q(unit=None)))
        self._shifts = list(
            Shift.objects.filter(unit__in=units, starts_at__lte=now, ends_at__gt=now).select_related("user")
        )
        posts = posts_on(now.astimezone(clock.TOWN_ZONE).date()).select_related("user")
        self._posts = list(posts.filter(Q(unit__in=units, role="unit_head") | Q(role="dispatcher")))
        self._named = User.objects.in_bulk({step.person_id for step in self._steps if step.person_id is not None})

    def steps(self, row: Alarm) -> tuple[Step, ...]:
        return steps_of(self._steps, row.unit_id)

    def whom(self, step: Step, row: Alarm) -> list[User]:
        """The people of a step; where there are none, those of the next one up. An alarm finds somebody."""
        match step.whom:
            case EscalationStep.Whom.ROSTER:
                assigned = [shift.user for shift in self._shifts if shift.unit_id == row.unit_id]
                return _once(assigned) or self._leader(row) or self._centre()
            case EscalationStep.Whom.LEADER:
                return self._leader(row) or self._centre()
            case EscalationStep.Whom.PERSON if step.person_id in self._named:
                return [self._named[step.person_id]]
        return self._centre()

    def _leader(self, row: Alarm) -> list[User]:
        return _once(post.user for post in self._posts if post.unit_id == row.unit_id and post.role == "unit_head")

    def _centre(self) -> list[User]:
        return _once(post.user for post in self._posts if post.role == "dispatcher")


def _once(people: Iterable[User]) -> list[User]:
    return list({user.pk: user for user in people}.values())


def end_suppressed(now: datetime) -> int:
    """Show what is still active when its suppression is over; close what came and went in it as a test."""
    over = (
        Alarm.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(suppression__ends_at__lte=now, closed_at__isnull=True)
        .select_related("device")
        .order_by("pk")[:AT_ONCE]
    )
    rows = list(over)
    gone, left = ([row for row in rows if (row.cleared_at is None) is active] for active in (False, True))
    for row in gone:
        row.closed_at, row.cause = now, TEST
    for row in left:
        row.suppression, row.waits_since, row.next_step_at = None, now, now
    Alarm.objects.bulk_update(rows, ["closed_at", "cause", "suppression", "waits_since", "next_step_at"])
    incidents.gather([(row.pk, row.device, row.severity) for row in left], now)
    record_many(
        [NewEvent("telemetry.alarm_shown", row, row.place_id, row.unit_id, words_of(row)) for row in left], by=DESK
    )
    return len(rows)
