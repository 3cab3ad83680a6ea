"""Transactions that meet: two messages, two sweeps, two workers."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from zhen.kernel.cases.api import Case
from zhen.kernel.journal.api import Event
from zhen.kernel.lib import clock
from zhen.kernel.lib.testing import Hands
from zhen.kernel.telemetry.alarms.following import follow
from zhen.kernel.telemetry.alarms.sweeping import sweep_due
from zhen.kernel.telemetry.alarms.taking import take
from zhen.kernel.telemetry.models import Alarm, Incident
from zhen.kernel.telemetry.parameters import set_parameter
from zhen.kernel.telemetry.rules.values import micro
from zhen.kernel.telemetry.storage.batch import Message
from zhen.kernel.telemetry.testing import TESTER, a_device
from zhen.kernel.telemetry.tests.alarming import read
from zhen.kernel.telemetry.tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread with a connection of its own, and a frozen clock of its own."""
    now = clock.now()

    def run(work: Callable[[], Any]) -> Any:
        try:
            with clock.frozen(now):
                return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]


@pytest.fixture
def at_once(cast: Cast, hands: Hands) -> Hands:
    set_parameter(TESTER, profile="dummy_pack.seat", rule="too_heavy", parameter="lasting", value=0, source="test")
    hands.go(seconds=1)
    return hands


def test_two_messages_a_millisecond_apart_on_two_connections_open_one_alarm(cast: Cast, at_once: Hands) -> None:
    seat, meet = a_device("S-1", cast.building, cast.fire), Barrier(2)
    now = clock.now()

    def message(milliseconds: int) -> Callable[[], int]:
        at = micro(now + timedelta(milliseconds=milliseconds))

        def taken() -> int:
            with transaction.atomic():
                connection.cursor().execute("SELECT 1")
                meet.wait(30)  # both transactions have begun, and neither sees the other's alarm
                return len(take([Message(seat.pk, at, at, (("load", 600.0),))], {seat.pk: seat.profile}, {}, now))

        return taken

    for _round in range(5):
        opened = together(message(0), message(1))
        assert sorted(opened) == [0, 1]
        assert Alarm.objects.filter(cleared_at=None).count() == 1
        assert Event.objects.filter(kind="telemetry.alarm_opened").count() == Alarm.objects.count()
        Alarm.objects.filter(cleared_at=None).update(cleared_at=now + timedelta(seconds=1))
        connection.cursor().execute("DELETE FROM telemetry_rulestate")


def test_two_bursts_at_once_are_one_incident_and_one_case(cast: Cast, at_once: Hands) -> None:
    seats = [a_device(f"S-{number}", cast.building, cast.fire) for number in range(4)]
    together(*(lambda seat=seat: read(seat, load=600) for seat in seats))
    assert (Alarm.objects.count(), Incident.objects.count()) == (4, 1)
    together(follow, follow, follow)
    assert Incident.objects.get().alarm_count == 4
    assert (Case.objects.count(), Incident.objects.get().case) == (1, Case.objects.get())


def test_two_sweeps_open_one_alarm(cast: Cast, hands: Hands) -> None:
    seat = a_device("S-1", cast.building, cast.fire)
    read(seat, load=600)
    hands.go(minutes=6)
    together(sweep_due, sweep_due, sweep_due)
    assert Alarm.objects.count() == 1
    assert Event.objects.filter(kind="telemetry.alarm_opened").count() == 1
