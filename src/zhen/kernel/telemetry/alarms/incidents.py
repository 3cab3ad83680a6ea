"""Storm control: a burst of alarms in one building is one incident."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection

from zhen.kernel.lib import clock
from zhen.kernel.telemetry.alarms.values import GATHER
from zhen.kernel.telemetry.declarations import PROFILES
from zhen.kernel.telemetry.models import Device, Incident

Key = tuple[int, str]
"""Building, and what kind of case it would open."""

# The building that each place is or lies in, on a day; the place itself where it lies in none.
_BUILDINGS = """
WITH RECURSIVE up(start, id) AS (
    SELECT id, id FROM unnest(%(places)s::bigint[]) AS id
    UNION
    SELECT up.start, version.parent_id FROM up
    JOIN places_place place ON place.id = up.id AND place.kind <> 'building'
    JOIN places_placeversion version ON version.place_id = up.id AND version.parent_id IS NOT NULL
        AND version.valid_from <= %(day)s AND (version.valid_to IS NULL OR version.valid_to > %(day)s)
)
SELECT up.start, up.id FROM up JOIN places_place place ON place.id = up.id WHERE place.kind = 'building'
"""
# Whoever makes an incident of a building holds its lock, in one order, so that two bursts at once make one.
_LOCK = """
SELECT pg_advisory_xact_lock(hashtextextended('telemetry.incident', building))
FROM unnest(%s::bigint[]) AS building
"""
_JOIN = """
UPDATE telemetry_alarm SET incident_id = new.incident
FROM unnest(%s::bigint[], %s::bigint[]) AS new(alarm, incident) WHERE telemetry_alarm.id = new.alarm
"""
_GROWN = """
UPDATE telemetry_incident SET severity = greatest(telemetry_incident.severity, new.severity),
    alarm_count = alarm_count + new.more, last_at = greatest(last_at, %s)
FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS new(incident, severity, more)
WHERE telemetry_incident.id = new.incident
"""


def buildings_of(places: Iterable[int], now: datetime) -> dict[int, int]:
    """The building of each place."""
    wanted = sorted(set(places))
    with connection.cursor() as cursor:
        cursor.execute(_BUILDINGS, {"places": wanted, "day": now.astimezone(clock.TOWN_ZONE).date()})
        found = dict(cursor.fetchall())
    return {place: found.get(place, place) for place in wanted}


def gather(alarms: Sequence[tuple[int, Device, int]], now: datetime) -> None:
    """Put new alarms (id, device, severity) into incidents: the one that gathers in their building, or a new one."""
    if not alarms:
        return
    buildings = buildings_of((device.place_id for _id, device, _severity in alarms), now)
    groups: dict[Key, list[tuple[int, Device, int]]] = defaultdict(list)
    for one in alarms:
        profile = PROFILES.get(one[1].profile)
        groups[buildings[one[1].place_id], (profile.case_type if profile else None) or ""].append(one)
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted({building for building, _type in groups})])
    found = _gathering(groups, now)
    found |= _made({key: group for key, group in groups.items() if key not in found}, now)
    joined = [(alarm, found[key]) for key, group in groups.items() for alarm, _device, _severity in group]
    rows = [(found[key], max(severity for *_rest, severity in group), len(group)) for key, group in groups.items()]
    with connection.cursor() as cursor:
        cursor.execute(_JOIN, [[alarm for alarm, _of in joined], [of for _alarm, of in joined]])
    _grow(rows, now)


def raise_severity(grown: Iterable[tuple[int, int]]) -> None:
    """Incidents are as grave as their gravest alarm."""
    worst: dict[int, int] = {}
    for incident, severity in grown:
        worst[incident] = max(severity, worst.get(incident, 0))
    _grow([(incident, severity, 0) for incident, severity in worst.items()], None)


def _gathering(groups: Iterable[Key], now: datetime) -> dict[Key, int]:
    """Open incidents that still gather, the newest of each key."""
    wanted = set(groups)
    rows = Incident.objects.filter(
        building__in={building for building, _type in wanted}, closed_at__isnull=True, last_at__gte=now - GATHER
    ).order_by("last_at", "pk")
    return {
        (building, type_): id
        for id, building, type_ in rows.values_list("pk", "building_id", "case_type")
        if (building, type_) in wanted
    }


def _made(groups: Mapping[Key, Sequence[tuple[int, Device, int]]], now: datetime) -> dict[Key, int]:
    made = Incident.objects.bulk_create(
        Incident(
            building_id=building,
            case_type=case_type,
            unit_id=group[0][1].unit_id,
            severity=max(severity for *_rest, severity in group),
            opened_at=now,
            last_at=now,
        )
        for (building, case_type), group in groups.items()
    )
    return {key: incident.pk for key, incident in zip(groups, made, strict=True)}


def _grow(rows: Sequence[tuple[int, int, int]], now: datetime | None) -> None:
    if rows:
        rows = sorted(rows)
        with connection.cursor() as cursor:
            cursor.execute(
                _GROWN,
                [
                    now,
                    [incident for incident, _severity, _more in rows],
                    [severity for _incident, severity, _more in rows],
                    [more for _incident, _severity, more in rows],
                ],
            )
