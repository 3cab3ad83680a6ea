"""Telling devices to do something: once, to those that know it, until they answer or time is up."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from zhen.kernel.access.api import Denied
from zhen.kernel.identity.api import User
from zhen.kernel.journal.api import Event
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.lib.testing import Hands
from zhen.kernel.telemetry.devices.actions import retire
from zhen.kernel.telemetry.devices.orders import AGAIN, Answer, give_up, order, take_answers, take_unsent
from zhen.kernel.telemetry.ingest.payloads import Unreadable, answer
from zhen.kernel.telemetry.ingest.registry import Registry
from zhen.kernel.telemetry.ingest.sorting import Arrived, Quotas, sort
from zhen.kernel.telemetry.models import Device, Order
from zhen.kernel.telemetry.models.orders import PATIENCE
from zhen.kernel.telemetry.storage.writing import Writer, write_all
from zhen.kernel.telemetry.testing import a_device
from zhen.kernel.telemetry.tests.conftest import RIGHTS, Cast, an_actor

ORDER = frozenset({"telemetry.device.order"})


@pytest.fixture
def bench(cast: Cast) -> Device:
    return a_device("S-1", cast.building, cast.fire)


def told(cast: Cast, device: Device, command: str = "dry") -> Order:
    alice = User.objects.get(username="alice")
    return order(an_actor(alice, cast.fire, RIGHTS | ORDER), device, command)


def test_a_device_is_told_once_and_told_again_until_it_answers(cast: Cast, bench: Device, hands: Hands) -> None:
    made = told(cast, bench)

    (first,) = take_unsent(hands.now)
    said = json.loads(first.payload)
    assert (first.subject, said["id"], said["c"]) == ("d.S-1.c", made.pk, "dry")
    assert take_unsent(hands.now) == []
    assert len(take_unsent(hands.now + AGAIN)) == 1


def test_the_answer_ends_it_and_the_journal_says_so(cast: Cast, bench: Device, hands: Hands) -> None:
    made = told(cast, bench)
    take_unsent(hands.now)

    assert take_answers([Answer(bench.pk, made.pk, True, "dry now", 0)], hands.now) == 1
    made.refresh_from_db()
    assert (made.state, made.said, made.ended_at) == ("done", "dry now", hands.now)
    assert list(Event.objects.order_by("id").values_list("kind", flat=True))[-2:] == [
        "telemetry.ordered",
        "telemetry.order_ended",
    ]
    assert take_unsent(hands.now + AGAIN) == []
    assert take_answers([Answer(bench.pk, made.pk, False, "", 0)], hands.now) == 0


def test_nobody_answers_for_another_device(cast: Cast, bench: Device, hands: Hands) -> None:
    other = a_device("S-2", cast.building, cast.fire)
    made = told(cast, bench)

    assert take_answers([Answer(other.pk, made.pk, True, "", 0)], hands.now) == 0
    made.refresh_from_db()
    assert made.state == "waiting"


def test_an_answer_comes_over_the_devices_own_topic(cast: Cast, bench: Device, hands: Hands) -> None:
    made = told(cast, bench)
    registry, writer = Registry(), Writer()
    registry.refresh()
    writer.metrics = dict(registry.metrics)
    said = json.dumps({"id": made.pk, "ok": False, "say": "lid open\0"}).encode()

    write_all(writer, sort([Arrived("d/S-1/a", said, 1_800_000_000_000_000)], registry, Quotas()))
    made.refresh_from_db()
    assert (made.state, made.said) == ("refused", "lid open�")


def test_what_no_device_answers_is_given_up(cast: Cast, bench: Device, hands: Hands) -> None:
    made = told(cast, bench)
    hands.now += PATIENCE + timedelta(seconds=1)

    assert take_unsent(hands.now) == []
    give_up()
    made.refresh_from_db()
    assert made.state == "silent"
    assert told(cast, bench).pk != made.pk


def test_an_order_that_makes_no_sense_is_refused(cast: Cast, bench: Device) -> None:
    with pytest.raises(Refused, match="Dry the seat"):
        told(cast, bench, "dance")
    told(cast, bench)
    with pytest.raises(Refused, match="on its way"):
        told(cast, bench)
    retire(cast.alice, bench, reason="gone")
    with pytest.raises(Refused, match="retired"):
        told(cast, bench)


def test_the_database_holds_one_open_order_of_a_kind(cast: Cast, bench: Device) -> None:
    made = told(cast, bench)
    with pytest.raises(IntegrityError, match="telemetry_order_open_once"), transaction.atomic():
        Order.objects.create(device=bench, command="dry", asked_at=made.asked_at, deadline=made.deadline)


def test_only_who_may_order_orders(cast: Cast, bench: Device) -> None:
    with pytest.raises(Denied):
        order(cast.alice, bench, "dry")
    with pytest.raises(Denied):
        order(cast.charlie, bench, "dry")


@pytest.mark.parametrize("payload", [b"", b"{}", b"[]", b'{"id": 0}', b'{"id": 1e30}', b'{"id": "x"}', b"\xff"])
def test_what_is_no_answer_is_refused(payload: bytes) -> None:
    with pytest.raises(Unreadable):
        answer(payload)
