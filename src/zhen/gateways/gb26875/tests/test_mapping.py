from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.gateways.gb26875 import mapping
from zhen.gateways.gb26875.codec import application as codec
from zhen.gateways.gb26875.codec.frames import decode
from zhen.gateways.gb26875.codec.tests.frames import EVERY_TYPE, FIRE, MAINS, framed
from zhen.gateways.gb26875.mapping import DEVICE, Part, Told

NOW = datetime(2026, 3, 15, 0, 30, 9, tzinfo=UTC)
"""Four seconds after the time in the frames, which show the town's time."""


def told(raw: bytes, now: datetime = NOW) -> Told:
    frame = decode(raw)
    application = codec.read(frame)
    assert application is not None
    return mapping.read(frame, application, now=now)


def test_the_published_fire_is_a_report_of_the_detector() -> None:
    (report,) = told(FIRE).reports
    assert report.part == Part(system_type=1, system_address=1, address=bytes.fromhex("0A000200"))
    assert report.part.suffix == "-1-1-0A000200"
    assert report.component_type == 40
    assert report.metrics["fire"] == 1
    assert report.metrics["fault"] == 0


@given(st.integers(0, 0xFFFF))
def test_fire_is_told_whatever_the_other_bits_say(state: int) -> None:
    raw = framed(f"01 01 01 01 {(state | 2).to_bytes(2, 'little').hex()} 05 1E 08 0F 03 1A")
    (report,) = told(raw).reports
    assert report.metrics["fire"] == 1


def test_a_normal_state_says_that_everything_else_is_over() -> None:
    (report,) = told(framed("01 01 01 01 01 00 05 1E 08 0F 03 1A")).reports
    assert report.metrics["normal"] == 1
    assert {value for code, value in report.metrics.items() if code != "normal"} == {0}


def test_the_transmission_device_speaks_of_itself() -> None:
    (report,) = told(MAINS).reports
    assert (report.part, report.metrics["mains_fault"]) == (DEVICE, 1)


def test_analog_values_are_numbers_in_their_unit() -> None:
    first, second = told(framed(EVERY_TYPE[3])).reports
    assert (first.metrics, second.metrics) == ({"temperature": -10.0}, {"height": 2.5})


def test_the_place_in_a_frame_is_kept_with_its_part() -> None:
    first, _second = told(framed(EVERY_TYPE[2])).reports
    assert first.text == "厨房"
    assert told(framed(EVERY_TYPE[7])).texts == {
        Part(system_type=1, system_address=1, address=bytes.fromhex("0A000200")): "走廊"
    }


def test_pressing_the_button_answers_a_duty_check() -> None:
    assert told(framed(EVERY_TYPE[24])).duty_reply
    assert not told(framed(EVERY_TYPE[4])).duty_reply


def test_a_clock_that_runs_is_believed_and_the_frames_number_tells_frames_of_one_second_apart() -> None:
    report = told(framed(EVERY_TYPE[21])).reports[0]
    assert report.device_at == datetime(2026, 3, 15, 0, 30, 5, tzinfo=UTC)
    assert report.at == report.device_at + timedelta(microseconds=15 * 7)
    assert told(framed(EVERY_TYPE[21], serial=8)).reports[0].at > report.at


@pytest.mark.parametrize("off", [timedelta(days=-4000), timedelta(minutes=6), timedelta(days=365)])
def test_a_clock_that_is_off_is_kept_and_ours_is_used(off: timedelta) -> None:
    report = told(framed(EVERY_TYPE[21]), now=NOW - off).reports[0]
    assert report.at == NOW - off
    assert report.device_at == datetime(2026, 3, 15, 0, 30, 5, tzinfo=UTC)


def test_a_time_that_does_not_exist_is_replaced_by_ours() -> None:
    report = told(framed("15 01 08 FF FF FF FF FF FF")).reports[0]
    assert (report.at, report.device_at) == (NOW, None)


@pytest.mark.parametrize("data", ["80 01 41", "15 01 08 05 1E 08 0F 03 1A 99", "16 01 00"])
def test_what_is_not_understood_is_said_to_be(data: str) -> None:
    assert not told(framed(data)).understood


@given(st.binary(min_size=2, max_size=200))
def test_any_data_can_be_read(data: bytes) -> None:
    application = codec.parse(data)
    mapping.read(decode(FIRE), application, now=NOW)
