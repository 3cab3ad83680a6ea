from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.gateways.gb26875.codec import hexes, objects
from zhen.gateways.gb26875.codec.application import SHAPES, Application, Type, parse
from zhen.gateways.gb26875.codec.tests.frames import EVERY_TYPE, T
from zhen.gateways.gb26875.codec.wire import Stamp


def test_every_type_of_the_standard_has_a_shape_a_name_and_an_example() -> None:
    from zhen.gateways.gb26875.codec.names import TYPES

    assert set(Type) == set(SHAPES) == set(TYPES) == set(EVERY_TYPE)


@pytest.mark.parametrize("data", EVERY_TYPE.values(), ids=EVERY_TYPE)
def test_every_type_is_read_whole_and_gives_its_bytes_back(data: str) -> None:
    raw = hexes.parse(data)
    application = parse(raw)
    assert application.findings == ()
    assert application.objects
    assert application.write() == raw


@given(st.binary(min_size=2, max_size=300))
def test_any_bytes_give_themselves_back(data: bytes) -> None:
    assert parse(data).write() == data


@given(st.sampled_from(list(Type)), st.integers(0, 255), st.binary(max_size=300))
def test_any_bytes_of_a_known_type_give_themselves_back(type_: Type, count: int, rest: bytes) -> None:
    data = bytes((type_, count)) + rest
    assert parse(data).write() == data


def test_a_negative_temperature_is_read() -> None:
    first, second = parse(hexes.parse(EVERY_TYPE[3])).objects
    assert isinstance(first, objects.Analog)
    assert isinstance(second, objects.Analog)
    assert (first.analog_type, first.reading) == (3, -100)
    assert (second.analog_type, second.reading) == (2, 250)


def test_objects_without_times_are_read_and_told() -> None:
    application = parse(hexes.parse("01 02 01 01 02 00 0B 02 04 20"))
    assert [each.time for each in application.objects] == [None, None]
    assert [finding.code for finding in application.findings] == ["timed", "timed"]


def test_one_time_behind_several_objects_is_the_time_of_each() -> None:
    application = parse(hexes.parse(f"01 02 01 01 02 00 0B 02 04 20 {T}"))
    assert {application.time_of(each) for each in application.objects} == {Stamp(hexes.parse(T))}
    assert [finding.code for finding in application.findings] == ["shared"]


def test_a_configuration_with_a_time_behind_it_keeps_the_time() -> None:
    (only,) = parse(hexes.parse(f"05 01 01 01 02 0A {T}")).objects
    assert only.time == Stamp(hexes.parse(T))


def test_fewer_objects_than_announced_are_read_and_the_rest_is_kept() -> None:
    application = parse(hexes.parse(f"01 03 01 01 02 00 {T} 0B"))
    assert (len(application.objects), application.trailing) == (1, b"\x0b")
    assert [finding.code for finding in application.findings] == ["count", "trailing"]


def test_a_text_that_claims_more_than_there_is_stays_raw() -> None:
    application = parse(hexes.parse("06 01 01 01 FF 41 42"))
    assert (application.objects, application.trailing) == ((), hexes.parse("01 01 FF 41 42"))


@pytest.mark.parametrize("type_", [0, 9, 22, 60, 82, 127, 128, 255])
def test_an_unknown_type_is_kept_raw(type_: int) -> None:
    application = parse(bytes((type_, 1, 2, 3)))
    assert (application.objects, application.trailing) == ((), b"\x02\x03")
    assert [finding.code for finding in application.findings] == ["type"]


def test_more_objects_than_the_standard_allows_are_read_and_told() -> None:
    application = parse(bytes((5, 2)) + b"\1\1\2\3" * 2)
    assert len(application.objects) == 2
    assert [finding.code for finding in application.findings] == ["most"]


def test_an_application_is_made_of_objects() -> None:
    check = Application.of(Type.DUTY_CHECK, objects.DutyCheck(minutes=10))
    assert check.write() == hexes.parse(EVERY_TYPE[91])
