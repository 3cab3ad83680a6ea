"""How devices stand: counted over all, read by place, area and kind, within what a reader may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from zhen.kernel.identity.testing import a_post, a_user
from zhen.kernel.lib.testing import Hands
from zhen.kernel.telemetry.declarations import PROFILES, Severity
from zhen.kernel.telemetry.devices.actions import retire
from zhen.kernel.telemetry.models import Alarm, Device, Latest, MetricCode, Standing
from zhen.kernel.telemetry.standing import queries
from zhen.kernel.telemetry.standing.counting import count
from zhen.kernel.telemetry.standing.queries import Count
from zhen.kernel.telemetry.testing import TESTER, a_device, a_place
from zhen.kernel.telemetry.tests.conftest import NOW, Cast


def heard(device: Device, ago: timedelta) -> None:
    metric, _made = MetricCode.objects.get_or_create(code="load")
    at = NOW - ago
    Latest.objects.update_or_create(device=device, metric=metric, defaults={"at": at, "received_at": at, "value": 1.0})


def alarm(device: Device, severity: Severity, **given: Any) -> Alarm:
    return Alarm.objects.create(
        device=device, profile=device.profile, rule="test", severity=severity, unit=device.unit,
        place=device.place, opened_at=NOW, received_at=NOW, **given,
    )  # fmt: skip


@pytest.fixture
def interval() -> timedelta:
    return PROFILES["dummy_pack.seat"].interval


def test_every_device_in_service_counts_once(cast: Cast, hands: Hands, interval: timedelta) -> None:
    fresh, late, mute, gone = (a_device(code, cast.building, cast.fire) for code in ("F", "L", "M", "G"))
    heard(fresh, interval)
    heard(late, 3 * interval + timedelta(seconds=1))
    heard(gone, interval)
    retire(TESTER, gone, reason="broken")
    count()
    row = Standing.objects.get()
    assert (row.devices, row.heard, row.silent, row.never, row.alarming) == (3, 1, 1, 1, 0)
    assert row.changed_at == NOW
    assert mute.pk


def test_a_gateway_is_heard_when_what_is_behind_it_is(cast: Cast, hands: Hands, interval: timedelta) -> None:
    gateway = a_device("GW", cast.building, cast.fire)
    heard(a_device("P", cast.building, cast.fire, gateway=gateway.code), interval)
    count()
    assert Standing.objects.get().heard == 2


def test_only_what_has_changed_is_written(cast: Cast, hands: Hands, interval: timedelta) -> None:
    first = a_device("A", cast.building, cast.fire)
    heard(first, interval)
    a_device("B", cast.building, cast.lifts)
    count()
    hands.now = NOW + interval
    heard(first, timedelta(0))
    count()
    assert set(Standing.objects.values_list("unit", "changed_at")) == {(cast.fire.pk, NOW), (cast.lifts.pk, NOW)}
    retire(TESTER, first, reason="broken")
    count()
    assert list(Standing.objects.values_list("unit", flat=True)) == [cast.lifts.pk]


def test_a_place_in_alarm_comes_first(cast: Cast, hands: Hands) -> None:
    quiet, burning = a_place("B2", "No. 2"), a_place("B3", "No. 3")
    a_device("Q", quiet, cast.fire)
    alarm(a_device("S", burning, cast.fire), Severity.MAJOR)
    alarm(a_device("N", cast.building, cast.fire), Severity.NOTICE)
    alarm(a_device("O", cast.building, cast.fire), Severity.MAJOR, cleared_at=NOW)
    count()
    rows = list(queries.by_place(queries.standings(cast.alice)))
    assert [(row["code"], row["alarming"]) for row in rows] == [("B3", 1), ("B1", 0), ("B2", 0)]
    assert queries.whole(queries.standings(cast.alice)) == Count(devices=4, never=4, alarming=1)


def test_a_unit_sees_its_own(cast: Cast, hands: Hands) -> None:
    a_device("A", cast.building, cast.fire)
    a_device("B", cast.building, cast.lifts)
    count()
    assert queries.whole(queries.standings(cast.alice)).devices == 1
    assert queries.whole(queries.standings(cast.charlie)).devices == 0


def test_the_database_refuses_a_count_that_does_not_add_up(cast: Cast, hands: Hands) -> None:
    a_device("A", cast.building, cast.fire)
    count()
    with pytest.raises(IntegrityError, match="telemetry_standing_whole"), transaction.atomic():
        Standing.objects.update(heard=5)


def test_the_pages_take_as_many_queries_for_a_town_as_for_a_house(
    cast: Cast, hands: Hands, client: Client, django_assert_max_num_queries: Any
) -> None:
    user = a_user("head")
    a_post(user, "dispatcher", cast.fire)
    client.force_login(user)
    for number in range(40):
        a_device(f"D{number}", cast.building, cast.fire)
    count()
    client.get("/desk/telemetry/standing/")
    with django_assert_max_num_queries(24):
        page = client.get("/desk/telemetry/standing/").content.decode()
    assert "No. 1" in page
    assert "/desk/telemetry/building/B1/" in page
    with django_assert_max_num_queries(24):
        house = client.get("/desk/telemetry/building/B1/")
    assert house.status_code == 200
    assert "D39" in house.content.decode()
    assert client.get("/desk/telemetry/building/B9/").status_code == 404
