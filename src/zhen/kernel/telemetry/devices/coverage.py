"""Which places have devices that work: the coverage that a plan promises."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from zhen.kernel.lib import clock
from zhen.kernel.places.api import Kind, PlaceVersion, versions_on
from zhen.kernel.telemetry.declarations import PROFILES
from zhen.kernel.telemetry.models import Device

BUILT = (Kind.BUILDING, Kind.PARK)
"""What a plan's promise of full coverage is about: 楼宇园区."""

MISSED = 3
"""A device is silent after so many intervals of its profile."""
FAULTS = ("fault", "silent")
"""Rules whose active alarm says that a device does not work."""

# Places with a device in service that is heard and has no fault, and all places above them on the day.
_WATCHED = """
WITH RECURSIVE up(id) AS (
    SELECT device.place_id FROM telemetry_device device
    JOIN unnest(%s::text[], %s::timestamptz[]) AS kind(profile, since) USING (profile)
    WHERE device.state = 'active' AND device.registered_at <= %s
        AND EXISTS (
            SELECT FROM telemetry_latest latest
            WHERE latest.device_id = device.id AND latest.received_at >= kind.since
        )
        AND NOT EXISTS (
            SELECT FROM telemetry_alarm alarm
            WHERE alarm.device_id = device.id AND alarm.rule = ANY(%s) AND alarm.opened_at <= %s
                AND (alarm.cleared_at IS NULL OR alarm.cleared_at > %s)
        )
    UNION
    SELECT version.parent_id FROM up
    JOIN places_placeversion version ON version.place_id = up.id AND version.parent_id IS NOT NULL
        AND version.valid_from <= %s AND (version.valid_to IS NULL OR version.valid_to > %s)
)
SELECT id FROM up
"""


def watched(profiles: Collection[str], day: date) -> RawSQL:
    """The places that devices of these profiles watched on a day, with all places above them: a condition for queries.

    A device counts that was entered by then, is in service, had no fault, and was heard within three of its intervals
    before the end of the day, or later. For a day gone by this is the least that is known: when a device was last
    heard is kept, not each time that it was silent.
    """
    end = min(datetime.combine(day + timedelta(days=1), time.min, clock.TOWN_ZONE), clock.now())
    kinds = [profile for profile in PROFILES if profile.code in profiles]
    codes, since = [kind.code for kind in kinds], [end - MISSED * kind.interval for kind in kinds]
    return RawSQL(_WATCHED, (codes, since, end, list(FAULTS), end, end, day, day))  # noqa: S611  no word of it is given


def built(day: date) -> QuerySet[PlaceVersion]:
    """The buildings and parks of a day: what is to be covered."""
    return versions_on(day).filter(place__kind__in=BUILT)


def covered(profiles: Collection[str], day: date) -> QuerySet[PlaceVersion]:
    """Those in which a device of these profiles works."""
    return built(day).filter(place__in=watched(profiles, day))


def unwatched(profiles: Collection[str], day: date) -> QuerySet[PlaceVersion]:
    """Those in which none works: the list of what is missing. `has_device`: there is one, but it does not work."""
    there = Device.objects.filter(place=OuterRef("place"), profile__in=profiles, state=Device.State.ACTIVE)
    rows = built(day).exclude(place__in=watched(profiles, day)).select_related("place")
    return rows.annotate(has_device=Exists(there))
