"""Counting how devices stand: one statement over all devices, which writes only what has changed.

A device is silent after `MISSED` intervals of its profile; a gateway is heard when anything behind it is.
"""

from __future__ import annotations

from django.db import connection, transaction

from zhen.kernel.lib import clock
from zhen.kernel.telemetry.declarations import PROFILES, Severity
from zhen.kernel.telemetry.devices.coverage import MISSED

_COUNT = """
WITH own AS (
    SELECT device_id, max(received_at) AS at FROM telemetry_latest GROUP BY device_id
), behind AS (
    SELECT part.gateway_id AS device_id, max(own.at) AS at
    FROM telemetry_device part JOIN own ON own.device_id = part.id
    WHERE part.gateway_id IS NOT NULL GROUP BY part.gateway_id
), alarming AS (
    SELECT DISTINCT device_id FROM telemetry_alarm
    WHERE closed_at IS NULL AND cleared_at IS NULL AND suppression_id IS NULL AND severity > %(notice)s
), each AS (
    SELECT device.place_id, device.unit_id, device.profile, greatest(own.at, behind.at) AS at,
        %(now)s - coalesce(patience.after, interval '1 day') AS since, alarming.device_id IS NOT NULL AS alarming
    FROM telemetry_device device
    LEFT JOIN own ON own.device_id = device.id
    LEFT JOIN behind ON behind.device_id = device.id
    LEFT JOIN alarming ON alarming.device_id = device.id
    LEFT JOIN unnest(%(profiles)s::text[], %(afters)s::interval[]) AS patience(profile, after)
        ON patience.profile = device.profile
    WHERE device.state = 'active'
), counted AS (
    SELECT place_id, unit_id, profile, count(*) AS devices, count(*) FILTER (WHERE at >= since) AS heard,
        count(*) FILTER (WHERE at < since) AS silent, count(*) FILTER (WHERE at IS NULL) AS never,
        count(*) FILTER (WHERE alarming) AS alarming
    FROM each GROUP BY place_id, unit_id, profile
), gone AS (
    DELETE FROM telemetry_standing known WHERE NOT EXISTS (
        SELECT FROM counted WHERE (counted.place_id, counted.unit_id, counted.profile)
            = (known.place_id, known.unit_id, known.profile)
    )
)
INSERT INTO telemetry_standing AS known
    (place_id, unit_id, profile, devices, heard, silent, never, alarming, changed_at)
SELECT place_id, unit_id, profile, devices, heard, silent, never, alarming, %(now)s FROM counted
ON CONFLICT (place_id, unit_id, profile) DO UPDATE SET devices = excluded.devices, heard = excluded.heard,
    silent = excluded.silent, never = excluded.never, alarming = excluded.alarming, changed_at = excluded.changed_at
WHERE (known.devices, known.heard, known.silent, known.never, known.alarming)
    IS DISTINCT FROM (excluded.devices, excluded.heard, excluded.silent, excluded.never, excluded.alarming)
"""


def count() -> None:
    """Count all devices in service anew. Any number of processes may; they wait for each other."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE telemetry_standing IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(
            _COUNT,
            {
                "now": clock.now(),
                "notice": int(Severity.NOTICE),
                "profiles": [profile.code for profile in PROFILES],
                "afters": [MISSED * profile.interval for profile in PROFILES],
            },
        )
