from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.gateways.gb26875.codec.dialects import DIALECTS
from zhen.gateways.gb26875.codec.frames import Command, Frame, Unreadable, decode, recognise
from zhen.gateways.gb26875.codec.tests.frames import ACK, FIRE, MAINS, PUBLISHED, framed
from zhen.gateways.gb26875.codec.wire import Stamp, Text

NOON = datetime(2026, 3, 15, 12, 0, 0)  # noqa: DTZ001  a device's display knows no zone


@st.composite
def frames(draw: st.DrawFn) -> Frame:
    return Frame(
        serial=draw(st.integers(0, 0xFFFF)),
        version=(draw(st.integers(0, 255)), draw(st.integers(0, 255))),
        time=Stamp(draw(st.binary(min_size=6, max_size=6))),
        source=draw(st.binary(min_size=6, max_size=6)),
        destination=draw(st.binary(min_size=6, max_size=6)),
        command=draw(st.integers(0, 255)),
        data=draw(st.binary(max_size=1100)),
        end=draw(st.sampled_from([b"##", b"#\0"])),
        dialect=draw(st.sampled_from(list(DIALECTS.values()))),
    )


@pytest.mark.parametrize("raw", PUBLISHED)
def test_published_frames_are_sound_and_give_their_bytes_back(raw: bytes) -> None:
    frame = decode(raw)
    assert (frame.raw, frame.findings, frame.is_sound) == (raw, (), True)


@given(frames())
def test_a_frame_survives_its_bytes(frame: Frame) -> None:
    assert decode(frame.raw, frame.dialect) == frame


@given(st.binary(min_size=28, max_size=1200).map(lambda rest: b"@@" + rest))
def test_any_bytes_in_a_frames_shape_give_their_bytes_back(raw: bytes) -> None:
    assert decode(raw).raw == raw


def test_the_head_is_read_as_the_standard_has_it() -> None:
    frame = decode(FIRE)
    assert (frame.serial, frame.version, frame.command) == (1, (1, 1), Command.SEND)
    assert frame.time.moment() == datetime(2012, 9, 26, 9, 58, 32)  # noqa: DTZ001
    assert (frame.source.hex(), frame.destination.hex()) == ("790300000000", "385b01000000")


def test_the_acknowledgement_of_the_published_fire_is_the_published_acknowledgement() -> None:
    reply = decode(FIRE).reply(Command.ACK, now=datetime(2012, 9, 26, 9, 58, 35))  # noqa: DTZ001
    assert reply.raw == ACK


def test_a_wrong_checksum_is_kept_and_told_with_its_place() -> None:
    raw = FIRE[:-3] + b"\x45##"
    frame = decode(raw)
    assert (frame.raw, frame.is_sound) == (raw, False)
    assert [str(finding) for finding in frame.findings] == ["byte 75, checksum: 45, expected 46 (checksum)"]


def test_a_wrong_length_is_kept_and_told() -> None:
    raw = MAINS[:24] + b"\x0a\x00" + MAINS[26:-3] + b"\x43##"
    frame = decode(raw)
    assert frame.raw == raw
    assert [finding.code for finding in frame.findings] == ["length"]


def test_a_changed_frame_gets_a_new_length_and_checksum() -> None:
    changed = replace(decode(MAINS), data=b"\x15\x01\x01" + bytes(6))
    assert decode(changed.raw).is_sound


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "byte 0, start mark “”: a frame begins with 40 40"),
        (b"\x68" + FIRE, "byte 0, start mark “68 40”: a frame begins with 40 40"),
        (FIRE[:29], "byte 29, frame “29 bytes”: the shortest frame has 30 bytes"),
    ],
)
def test_bytes_without_a_frames_shape_are_refused_with_place_and_reason(raw: bytes, told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        decode(raw)
    assert str(caught.value) == told


@pytest.mark.parametrize("version", [(0, 0), (1, 2), (255, 255)])
def test_no_version_is_refused(version: tuple[int, int]) -> None:
    frame = replace(decode(MAINS), version=version)
    assert decode(frame.raw).findings == ()


@pytest.mark.parametrize("data", ["", "00"])
def test_a_heartbeat_is_a_frame_with_or_without_a_byte(data: str) -> None:
    assert decode(framed(data)).findings == ()


@pytest.mark.parametrize("code", ["big-endian", "whole-sum"])
def test_a_vendors_order_and_checksum_are_recognised(code: str) -> None:
    raw = replace(decode(FIRE), dialect=DIALECTS[code], serial=0x0102).raw
    assert recognise(raw).code == code
    assert (decode(raw).serial, decode(raw).findings, decode(raw).raw) == (0x0102, (), raw)


def test_a_clock_in_decimal_digits_is_read_by_its_dialect() -> None:
    bcd = DIALECTS["bcd-clock"]
    stamp = Stamp.of(NOON, bcd)
    assert stamp.raw.hex() == "000012150326"
    assert stamp.moment(bcd) == NOON


def test_a_time_that_does_not_exist_is_no_time() -> None:
    assert Stamp(bytes.fromhex("3c000a010119")).moment() is None
    assert Stamp(bytes.fromhex("ffffffffffff")).moment(DIALECTS["bcd-clock"]) is None


def test_a_text_ends_at_the_first_zero_and_is_stripped() -> None:
    assert Text("  厨房 ".encode("gb18030") + b"\0\xff\xfe").read() == "厨房"


def test_a_text_that_is_too_long_is_cut_at_a_whole_character() -> None:
    assert Text.of("楼" * 20, 31).read() == "楼" * 15


def test_bytes_that_are_no_text_become_replacement_characters() -> None:
    assert Text(b"A\xff\0").read() == "A�"
