from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhen.gateways.gb26875.codec import hexes
from zhen.gateways.gb26875.codec.describing import describe, pieces, raw_of
from zhen.gateways.gb26875.codec.frames import Unreadable
from zhen.gateways.gb26875.codec.tests.frames import ACK, EVERY_TYPE, FIRE, MAINS, PUBLISHED, framed

SOME = [*PUBLISHED, *(framed(data) for data in EVERY_TYPE.values()), framed(""), framed("00"), framed("80 01 41")]


def there_and_back(raw: bytes) -> bytes:
    return b"".join(raw_of(json.loads(json.dumps(describe(piece)))) for piece in pieces(raw))


def described(raw: bytes) -> dict[str, Any]:
    (piece,) = pieces(raw)
    return describe(piece)


@pytest.mark.parametrize("raw", SOME, ids=lambda raw: raw[27:29].hex())
def test_a_frame_survives_json(raw: bytes) -> None:
    assert there_and_back(raw) == raw


@given(st.sampled_from(SOME), st.data())
def test_a_damaged_frame_survives_json(raw: bytes, data: st.DataObject) -> None:
    damaged = bytearray(raw)
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(2, len(raw) - 1))] = data.draw(st.integers(0, 255))
    assert there_and_back(bytes(damaged)) == bytes(damaged)


def test_the_published_fire_is_explained() -> None:
    values = described(FIRE)
    (only,) = values["data"]["objects"]
    assert values["means"]["command"]["chinese"] == "发送数据"
    assert values["means"]["checksum_holds"] is True
    assert values["means"]["findings"] == []
    assert (values["time"], only["time"]) == ("2012-09-26T09:58:32", "2012-09-26T09:58:02")
    assert only["means"]["component_type"] == {"english": "Smoke detector", "chinese": "感烟火灾探测器"}
    assert only["means"]["component_address"] == {"number": 0x0002000A, "low": 10, "high": 2}
    assert [bit["code"] for bit in only["means"]["state"]] == ["fire"]


def test_an_analog_value_is_explained_with_its_unit() -> None:
    first, _second = described(framed(EVERY_TYPE[3]))["data"]["objects"]
    assert first["reading"] == -100
    assert first["means"]["reading"] == {"english": "Temperature", "chinese": "温度", "value": -10.0, "unit": "°C"}


def test_a_text_with_plain_padding_is_given_as_text() -> None:
    first, second = described(framed(EVERY_TYPE[2]))["data"]["objects"]
    assert first["text"] == "厨房"
    assert second["text_bytes"] == "20" * 31


def test_an_edited_description_gives_a_sound_frame() -> None:
    values = described(framed(EVERY_TYPE[2]))
    values["data"]["objects"][0]["text"] = "二楼走廊"
    frame = described(raw_of(values))
    assert frame["means"]["checksum_holds"] is True
    assert frame["data"]["objects"][0]["text"] == "二楼走廊"


def test_several_frames_and_garbage_are_told_apart() -> None:
    values = [describe(piece) for piece in pieces(ACK + b"\r\n" + MAINS)]
    assert [value.get("garbage", value.get("command")) for value in values] == [3, "0D0A", 2]


def test_a_frame_with_everything_wrong_is_still_described() -> None:
    raw = FIRE[:24] + b"\x07\x00" + FIRE[26:-3] + b"\x00#\x22"
    values = described(raw)
    assert there_and_back(raw) == raw
    assert len(values["means"]["findings"]) == 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"serial": 65536}, "serial “65536”: expected a whole number from 0 to 65535"),
        ({"serial": "7"}, "serial “7”: expected a whole number from 0 to 65535"),
        ({"version": [1]}, "version “[1]”: expected two numbers from 0 to 255"),
        ({"source": "00"}, "source “00”: expected 6 bytes in hexadecimal digits"),
        ({"time": "now"}, "time “now”: expected a time such as"),
        ({"dialect": "morse"}, "dialect “morse”: expected one of standard, "),
        ({"data": []}, "data “[]”: expected an object"),
        ({"data": {"type": 200, "objects": [{}]}}, "type “200”: expected a type whose objects are known"),
        ({"data": {"type": 5, "objects": [{"system_type": 1}]}}, "system_address “None”: expected a whole number"),
    ],
)
def test_a_wrong_description_is_refused_by_its_key(change: dict[str, Any], told: str) -> None:
    with pytest.raises(Unreadable) as caught:
        raw_of({**described(MAINS), **change})
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "40 40 20 20 20",
        "0x40,0x40,0x20,0x20,0x20",
        "4040202020",
        "0x400x40 20×3",
        "40×2 20*3",
        b"@@".hex() + "20x3",
    ],
)
def test_bytes_are_read_however_people_write_them(text: str) -> None:
    assert hexes.parse(text) == b"@@   "


def test_remarks_are_left_out_and_a_typing_error_is_placed() -> None:
    assert hexes.parse("40 40 # start\n23") == b"@@#"
    with pytest.raises(Unreadable, match=r"byte 6, hexadecimal text “G1”"):
        hexes.parse("40 40 G1")


def test_a_file_is_read_as_bytes_or_as_digits() -> None:
    assert hexes.of_file(ACK) == hexes.of_file(ACK.hex(" ").encode()) == ACK
