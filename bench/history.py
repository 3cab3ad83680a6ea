"""A device's year, the town's state and its coverage: over two days of readings a minute and a year of hourly sums.

Measures whole pages as the desk gets them, with N devices and with four times as many, in an empty town of its own;
with --here in the running one, in a transaction that is rolled back. Options: --devices 2000, --runs 60.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from time import perf_counter
from typing import Any

import shapely
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from bench.harness import figures, in_its_own_town, percentile, timed
from zhen.kernel.identity.api import Unit
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.kernel.places.api import Place, PlaceVersion
from zhen.kernel.telemetry.api import PROFILES, built, covered
from zhen.kernel.telemetry.models import Device, MetricCode
from zhen.kernel.telemetry.standing.counting import count
from zhen.kernel.telemetry.storage.partitions import HOURS, READINGS, ensure

GROWTH = 4
DEVICES_A_BUILDING = 4
RAW, YEAR = timedelta(days=2), timedelta(days=365)
FOUNDED = date(2015, 1, 1)
WEST, SOUTH, STEP = 121.36, 31.22, 0.0006
ROW = 60
"""Buildings stand in rows of so many."""

FILLED = ("telemetry_reading", "telemetry_hour", "telemetry_latest", "telemetry_device", "telemetry_standing",
          "places_place", "places_placeversion")  # fmt: skip
"""What a town of this size would long have statistics of."""

# In the order of time, as they would have come.
_READINGS = """
INSERT INTO telemetry_reading (device_id, metric_id, at, received_at, value)
SELECT device.id, %(metric)s, at, at, 20 + 5 * sin(extract(epoch FROM at) / 13750) + device.id %% 7
FROM generate_series(%(since)s::timestamptz, %(until)s, interval '1 minute') AS at, telemetry_device device
WHERE device.id > %(after)s
"""
_HOURS = """
INSERT INTO telemetry_hour (device_id, metric_id, at, count, low, high, total)
SELECT device.id, %(metric)s, at, 60, 15 + device.id %% 7, 25 + device.id %% 7, 1200 + 60 * (device.id %% 7)
FROM generate_series(date_trunc('hour', %(since)s::timestamptz), %(until)s, interval '1 hour') AS at,
    telemetry_device device
WHERE device.id > %(after)s
"""
# One device in fifty has fallen silent, one in a hundred was never heard.
_LATEST = """
INSERT INTO telemetry_latest (device_id, metric_id, at, received_at, value)
SELECT id, %(metric)s, moment.at, moment.at, 21
FROM telemetry_device, LATERAL (
    SELECT CASE WHEN id %% 50 = 0 THEN %(until)s::timestamptz - interval '1 day' ELSE %(until)s END AS at
) AS moment WHERE id > %(after)s AND id %% 100 <> 1
"""


def run(options: Mapping[str, object]) -> dict[str, object]:
    small, own = bool(options["small"]), bool(options.get("own"))
    if not (small or own or options.get("here")):
        return in_its_own_town("history", options)
    devices = int(str(options.get("devices", 100 if small else 2000)))
    runs = int(str(options.get("runs", 20 if small else 60)))
    settings.ALLOWED_HOSTS = ["*"]
    found: dict[str, object] = {}
    medians: list[dict[str, float]] = []
    town: Town | None = None
    for many in (devices, devices * GROWTH):
        with ExitStack() as stack:
            if own:
                town = town or Town()
                seconds = town.fill(many - len(town.codes))
                settle()
            else:
                stack.enter_context(transaction.atomic())
                town = Town()
                seconds = town.fill(many)
            print(f"{many} devices, {town.rows:,} rows, filled in {seconds:.0f} s", flush=True)
            spent = town.measure(runs)
            if not own:
                transaction.set_rollback(True)
        if not own:
            settle()  # what was rolled back is not there next time
        for name, each in spent.items():
            found |= figures(f"{name}_{many}", each)
            print(f"  {name}: p50 {percentile(each, 0.5) * 1000:.1f} ms, p99 {percentile(each, 0.99) * 1000:.1f} ms")
        medians.append({name: percentile(each, 0.5) for name, each in spent.items()})
    few, more = medians
    return found | {f"ratio_{name}": round(more[name] / few[name], 2) for name in few}


def settle() -> None:
    """What autovacuum does in the course of a year; and what the filling wrote is on the disk, not on its way there."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(FILLED)}")
    os.sync()


class Town:
    """Buildings in rows, their devices, and what these have measured."""

    def __init__(self) -> None:
        self.unit: Unit = a_unit("bench-history")
        self.user = a_user("bench-history")
        a_post(self.user, "dispatcher", self.unit)
        self.profile = min(PROFILES, key=lambda profile: profile.metrics[0].is_flag)
        self.metric, _made = MetricCode.objects.get_or_create(code=self.profile.metrics[0].code)
        self.rows = self.buildings = 0
        self.codes: list[str] = []

    def fill(self, devices: int) -> float:
        start = perf_counter()
        now = clock.now().replace(second=0, microsecond=0)
        after = Device.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with transaction.atomic():
            self._fill(devices, now, after)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(FILLED)}")
        return perf_counter() - start

    def _fill(self, devices: int, now: datetime, after: int) -> None:
        self._devices(self._buildings(devices // DEVICES_A_BUILDING), devices)
        for parted, length in ((READINGS, RAW), (HOURS, YEAR)):
            ensure(parted, _days(now - length, now))
        given: dict[str, Any] = {"metric": self.metric.pk, "until": now, "after": after}
        with connection.cursor() as cursor:
            cursor.execute(_READINGS, given | {"since": now - RAW})
            self.rows += cursor.rowcount
            cursor.execute(_HOURS, given | {"since": now - YEAR})
            self.rows += cursor.rowcount
            cursor.execute(_LATEST, given)
        count()

    def _buildings(self, number: int) -> list[Place]:
        numbers = range(self.buildings, self.buildings + number)
        self.buildings += number
        places = Place.objects.bulk_create(
            [Place(kind=Place.Kind.BUILDING, code=f"BENCH-{n}") for n in numbers], batch_size=1000
        )
        town = Place.objects.filter(kind=Place.Kind.TOWN).first() or self._town()
        PlaceVersion.objects.bulk_create(
            [
                PlaceVersion.build(
                    place=place, parent=town, name=f"{n} 号楼", valid_from=FOUNDED, shape=_square(n)
                )
                for n, place in zip(numbers, places, strict=True)
            ],
            batch_size=1000,
        )  # fmt: skip
        return places

    def _town(self) -> Place:
        town = Place.objects.create(kind=Place.Kind.TOWN, code="BENCH")
        shape = shapely.box(WEST - STEP, SOUTH - STEP, WEST + 1, SOUTH + 1)
        PlaceVersion.build(place=town, name="镇", valid_from=FOUNDED, shape=shape).save()
        return town

    def _devices(self, places: list[Place], number: int) -> None:
        rows = [
            Device(
                code=f"BENCH-{len(self.codes) + n}", name=f"探测器 {n}", profile=self.profile.code, unit=self.unit,
                place=places[n // DEVICES_A_BUILDING % len(places)], spot=f"{n % 6 + 1} 层", registered_at=clock.now(),
            )
            for n in range(number)
        ]  # fmt: skip
        Device.objects.bulk_create(rows, batch_size=1000)
        self.codes += [row.code for row in rows]

    def measure(self, runs: int) -> dict[str, list[float]]:
        client = Client()
        client.force_login(self.user, backend=settings.AUTHENTICATION_BACKENDS[0])
        codes = cycle(self.codes[:: max(1, len(self.codes) // 97)])
        today = clock.today()

        def coverage() -> tuple[int, int]:
            return covered([profile.code for profile in PROFILES], today).count(), built(today).count()

        def page(path: str) -> None:
            answer = client.get(path)
            if answer.status_code != 200:
                raise SystemExit(f"{path}: {answer.status_code}")

        metric = self.metric.code
        return {
            "year": timed(lambda: page(f"/desk/telemetry/metric/{next(codes)}@{metric}/"), runs=runs),
            "state": timed(lambda: page("/desk/telemetry/standing/"), runs=runs),
            "coverage": timed(coverage, runs=runs),
        }


def _square(number: int) -> shapely.Polygon:
    west, south = WEST + number % ROW * STEP, SOUTH + number // ROW * STEP
    return shapely.box(west, south, west + STEP / 2, south + STEP / 2)


def _days(first: datetime, last: datetime) -> list[date]:
    start = first.astimezone(UTC).date()
    return [start + timedelta(days=number) for number in range((last.astimezone(UTC).date() - start).days + 1)]
