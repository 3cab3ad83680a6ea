"""Devices that announce by themselves where they publish what, in the form of Home Assistant."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.kernel.telemetry.declarations import DeviceProfile, Metric
from zhen.kernel.telemetry.ingest.announcing import MOST_SOURCES, Announcement, Source, number, read, values
from zhen.kernel.telemetry.ingest.payloads import Unreadable
from zhen.kernel.telemetry.ingest.registry import Known, Registry
from zhen.kernel.telemetry.ingest.sorting import Arrived, Quotas, sort
from zhen.kernel.telemetry.ingest.units import scale
from zhen.kernel.telemetry.models import Announced
from zhen.kernel.telemetry.models.announced import Fault
from zhen.kernel.telemetry.models.stream import Reason
from zhen.kernel.telemetry.shared.parts import flag

PROFILE = DeviceProfile(
    code="test.room",
    name="room",
    metrics=(
        Metric(code="temperature", name="temperature", unit="°C", low=-40, high=125),
        Metric(code="pressure_mpa", name="pressure", unit="MPa", low=0, high=2.5),
        Metric(code="battery", name="battery", unit="%", low=0, high=100),
        flag("smoke", "smoke"),
        flag("open", "open"),
    ),
    interval=timedelta(minutes=1),
)
SENSOR = ("sensor", "S-1", "temperature", "config")


def one(said: dict[str, Any], levels: tuple[str, ...] = SENSOR) -> Announcement:
    (found,) = read("S-1", levels, json.dumps(said).encode(), PROFILE)
    return found


def source(said: dict[str, Any], levels: tuple[str, ...] = SENSOR) -> Source:
    found = one(said, levels).source
    assert found is not None, one(said, levels)
    return found


def test_a_sensor_says_its_topic_its_class_and_its_unit() -> None:
    found = source(
        {"name": "Kitchen", "state_topic": "d/S-1/state", "device_class": "temperature", "unit_of_measurement": "°F"},
        ("sensor", "S-1", "t1", "config"),
    )

    assert (found.topic, found.metric) == ("state", "temperature")
    assert number(b"212", found) == pytest.approx(100)


def test_the_short_names_and_the_base_topic_of_small_devices_are_known() -> None:
    said = {"~": "d/S-1", "stat_t": "~/tele/SENSOR", "dev_cla": "pressure", "unit_of_meas": "bar"}
    found = source(said | {"val_tpl": "{{value_json['BME280'].Pressure}}"}, ("sensor", "S-1", "p", "config"))

    assert found.path == ("BME280", "Pressure")
    ((metric, value),) = values((found,), b'{"Time": "x", "BME280": {"Pressure": 6.5}}')
    assert metric == "pressure_mpa"
    assert value == pytest.approx(0.65)


def test_a_binary_sensor_has_words_for_yes_and_no() -> None:
    found = source(
        {"state_topic": "q/S-1/smoke/state", "payload_on": "ALARM", "payload_off": "QUIET"},
        ("binary_sensor", "S-1", "smoke", "config"),
    )

    assert [number(word, found) for word in (b"ALARM", b"QUIET", b" ALARM ")] == [1, 0, 1]


def test_a_device_announces_all_of_itself_at_once() -> None:
    said = {
        "dev": {"ids": "S-1"},
        "stat_t": "d/S-1/state",
        "cmps": {
            "temperature": {"p": "sensor", "unit_of_meas": "°C", "val_tpl": "{{ value_json.t | float }}"},
            "door": {"p": "binary_sensor", "dev_cla": "door", "val_tpl": "{{ value_json.door }}"},
            "reboot": {"p": "button", "cmd_t": "d/S-1/c/reboot"},
        },
    }
    found = read("S-1", ("device", "S-1", "config"), json.dumps(said).encode(), PROFILE)

    assert [(each.name, each.fault) for each in found] == [
        ("sensor/temperature", None),
        ("binary_sensor/door", None),
        ("button/reboot", Fault.COMPONENT),
    ]
    sources = tuple(each.source for each in found if each.source)
    assert values(sources, b'{"t": 21.5, "door": "ON"}') == [("temperature", 21.5), ("open", 1.0)]
    assert values(sources, b'{"t": "unavailable", "door": false}') == [("open", 0.0)]


@pytest.mark.parametrize(
    ("template", "payload", "value"),
    [
        ("{{ value }}", b"7", 7),
        ("{{ value | float }}", b"7.5", 7.5),
        ("{{ value_json.a }}", b'{"a": 3}', 3),
        ("{{ value_json.a.b[1] }}", b'{"a": {"b": [1, 2]}}', 2),
        ("{{ (value_json.a | float / 10) | round(1) }}", b'{"a": 215}', 21.5),
        ("{{ value_json.a * 0.5 }}", b'{"a": 3}', 1.5),
        ("{{ value_json.a - 4 }}", b'{"a": 3}', -1),
        ('{{ value_json["a b"] + 4 }}', b'{"a b": 3}', 7),
        ("", b"9", 9),
    ],
)
def test_a_template_names_a_value_and_may_scale_it(template: str, payload: bytes, value: float) -> None:
    found = source({"state_topic": "d/S-1/x", "value_template": template})

    assert dict(values((found,), payload)) == {"temperature": pytest.approx(value)}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"state_topic": "d/S-2/x"}, Fault.TOPIC),
        ({"state_topic": "d/S-1"}, Fault.TOPIC),
        ({"state_topic": "d/S-1/r"}, Fault.TOPIC),
        ({"state_topic": "zigbee/S-1/x"}, Fault.TOPIC),
        ({}, Fault.TOPIC),
        ({"state_topic": "d/S-1/x", "unit_of_measurement": "lx"}, Fault.UNIT),
        ({"state_topic": "d/S-1/x", "value_template": "{% if value %}1{% endif %}"}, Fault.TEMPLATE),
        ({"state_topic": "d/S-1/x", "value_template": "{{ value / 0 }}"}, Fault.TEMPLATE),
        ({"state_topic": "d/S-1/x", "value_template": "{{ value_json.a.b.c.d.e.f.g }}"}, Fault.TEMPLATE),
    ],
)
def test_what_is_not_read_says_why(said: dict[str, Any], fault: Fault) -> None:
    found = one(said)

    assert (found.source, found.fault) == (None, fault)


def test_what_no_metric_fits_is_kept_with_its_class() -> None:
    found = one({"state_topic": "d/S-1/x", "device_class": "illuminance"}, ("sensor", "S-1", "lux", "config"))

    assert (found.fault, found.detail) == (Fault.METRIC, "illuminance")


def test_yes_or_no_is_no_quantity() -> None:
    assert one({"state_topic": "d/S-1/x"}, ("binary_sensor", "S-1", "battery", "config")).fault == Fault.KIND


def test_an_empty_message_takes_it_back() -> None:
    assert read("S-1", SENSOR, b"", PROFILE) == [Announcement(name="sensor/temperature", gone=True)]


@pytest.mark.parametrize(
    ("levels", "payload"),
    [
        (SENSOR, b"[]"),
        (SENSOR, b"{"),
        (SENSOR, b"[" * 9_000),
        (("device", "S-1", "config"), b'{"cmps": 1}'),
        (("sensor", "S-1", "x", "y", "config"), b"{}"),
        (("sensor", "S-1", "state"), b"{}"),
    ],
)
def test_what_is_no_discovery_message_is_refused(levels: tuple[str, ...], payload: bytes) -> None:
    with pytest.raises(Unreadable):
        read("S-1", levels, payload, PROFILE)


@pytest.mark.parametrize("payload", [b"1" + b"0" * 400, b"Infinity", b"-", b"1e308", b'"x"', b"null", b"{}"])
def test_a_number_beyond_all_bounds_is_none(payload: bytes) -> None:
    with pytest.raises(Unreadable):
        values((Source(topic="x", metric="temperature", path=("a",), factor=1e10),), b'{"a": %b}' % payload)


def test_units_are_turned_by_their_definitions() -> None:
    turned = {(given, wanted): scale(given, wanted) for given, wanted in [("psi", "kPa"), ("cm", "m"), ("K", "°C")]}

    assert [(round(one.factor, 6), one.offset) for one in turned.values() if one] == [
        (6.894757, 0),
        (0.01, 0),
        (1, -273.15),
    ]
    assert scale("lx", "°C") is None
    assert scale("W", "A") is None


words = st.text(max_size=30)
json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
keys = st.sampled_from(
    ["state_topic", "stat_t", "~", "name", "device_class", "unit_of_measurement", "value_template", "cmps", "p", "x"]
)
telling = st.sampled_from(["d/S-1/x", "~/x", "°C", "temperature", "{{ value_json.a }}", "{{ value * 1e9 }}", "sensor"])


@given(
    said=st.dictionaries(keys, telling | json_values, max_size=8),
    component=st.sampled_from(["sensor", "binary_sensor", "device", "x", ""]),
    payload=st.binary(max_size=60) | json_values.map(lambda value: json.dumps(value).encode()),
)
def test_whatever_is_announced_and_sent_is_read_or_refused(
    said: dict[str, Any], component: str, payload: bytes
) -> None:
    levels = (component, "S-1", "config") if component == "device" else (component, "S-1", "temperature", "config")
    try:
        found = read("S-1", levels, json.dumps(said).encode(), PROFILE)
        sources = tuple(each.source for each in found if each.source)
        got = values(sources, payload) if sources else []
    except Unreadable:
        return
    assert all(math.isfinite(value) for _metric, value in got)


NOW = 1_800_000_000_000_000
ROOM = {metric.code: (metric.low or 0, metric.high or 1) for metric in PROFILE.metrics}


def a_registry(profile: str = "dummy_pack.seat") -> Registry:
    known = Known(id=7, active=True, profile=profile, ranges={"load": (0, 500)}, messages_per_minute=100)
    return Registry(devices={"S-1": known})


def announce(name: str = "load", **said: object) -> Arrived:
    told = {"state_topic": "d/S-1/state", **said}
    return Arrived(f"homeassistant/sensor/S-1/{name}/config", json.dumps(told).encode(), NOW)


def test_what_is_announced_holds_from_the_next_message_on() -> None:
    batch = sort([announce(), Arrived("d/S-1/state", b"12", NOW)], a_registry(), Quotas())

    assert [message.values for message in batch.messages] == [[("load", 12.0)]]
    assert list(batch.announcements) == [(7, "sensor/load")]
    assert not batch.refusals


def test_a_device_announces_no_more_than_it_may() -> None:
    many = [announce(name=f"x{number}") for number in range(MOST_SOURCES + 3)]
    batch = sort(many, a_registry(), Quotas())

    assert len(batch.announcements) == MOST_SOURCES
    assert [refusal.reason for refusal in batch.refusals] == [Reason.QUOTA] * 3


def test_nobody_announces_for_a_device_that_is_not_known() -> None:
    batch = sort([Arrived("homeassistant/sensor/S-9/x/config", b"{}", NOW)], a_registry(), Quotas())

    assert [refusal.reason for refusal in batch.refusals] == [Reason.DEVICE]


@pytest.mark.django_db
def test_what_is_announced_is_kept_replaced_and_taken_back() -> None:
    from zhen.kernel.identity.testing import a_unit
    from zhen.kernel.telemetry.storage.writing import Writer, write_all
    from zhen.kernel.telemetry.testing import a_device, a_place

    device = a_device("S-1", a_place(), a_unit("fire"))
    registry, writer = Registry(), Writer()
    registry.refresh()

    def come(*arrived: Arrived) -> list[tuple[str, str, str, str]]:
        writer.metrics = dict(registry.metrics)
        write_all(writer, sort(arrived, registry, Quotas()))
        return list(Announced.objects.order_by("name").values_list("name", "topic", "metric", "fault"))

    assert come(announce(), announce("\0odd\0")) == [
        ("sensor/load", "state", "load", ""),
        ("sensor/�odd�", "d/S-1/state", "", "metric"),
    ]
    again = Registry()
    again.refresh()
    assert again.devices["S-1"].sources == registry.devices["S-1"].sources
    assert come(announce(state_topic="d/S-1/other"))[0] == ("sensor/load", "other", "load", "")
    assert come(Arrived("homeassistant/sensor/S-1/load/config", b"", NOW))[0][0] == "sensor/�odd�"
    assert Announced.objects.get().device_id == device.pk
