"""Frames that the tests share."""

from __future__ import annotations

from zhen.gateways.gb26875.codec import hexes
from zhen.gateways.gb26875.codec.frames import START, checksum

FIRE = hexes.parse(
    "40400100010120 3A091A090C 790300000000 385B01000000 3000 02 "
    "0201 0101 28 0A000200 0200 20×30 00 023A091A090C 46 2323"
)
ACK = hexes.parse("40400100010123 3A091A090C 385B01000000 790300000000 0000 03 AB 2323")
MAINS = hexes.parse("40400100010120 3A091A090C 790300000000 385B01000000 0900 02 1501 08 023A091A090C 42 2323")
PUBLISHED = (FIRE, ACK, MAINS)
"""A fire at a smoke detector, its acknowledgement, and a transmission device without mains."""

T = "05 1E 08 0F 03 1A"
"""2026-03-15 08:30:05"""


def framed(data: str, *, command: int = 2, serial: int = 7) -> bytes:
    """A proper frame around application data, written by hand and not by the code under test."""
    content = hexes.parse(data)
    head = bytes((serial, 0, 1, 1)) + hexes.parse(T) + hexes.parse("01 02 03 04 05 06 0A 0B 0C 0D 0E 0F")
    body = START + head + len(content).to_bytes(2, "little") + bytes((command,)) + content
    return body + bytes((checksum(body),)) + b"##"


EVERY_TYPE = {
    1: f"01 02  01 01 02 00 {T}  0B 02 04 20 {T}",
    2: f"02 02  01 01 28 0A 00 02 00 02 00 B3 F8 B7 BF 00×27 {T}  01 01 17 01 00 00 00 03 01 20×31 {T}",
    3: f"03 02  01 01 12 05 00 01 00 03 9C FF {T}  0B 01 5C 01 00 00 00 02 FA 00 {T}",
    4: f"04 01  01 01 05 FA {T}",
    5: "05 01  01 01 02 0A",
    6: "06 02  01 01 04 B5 E7 CA E4  0B 01 00",
    7: "07 01  01 01 28 0A 00 02 00 D7 DF C0 C8 00×27",
    8: f"08 01  01 01 {T}",
    21: f"15 01 08 {T}",
    24: f"18 02 20 03 {T} 01 00 {T}",
    25: "19 01 01 05",
    26: "1A 01 03 61 62 63",
    28: f"1C 01 {T}",
    61: "3D 02 01 01 0B 01",
    62: "3E 01 01 01 0A 00 02 00",
    63: "3F 01 01 01 0A 00 02 00",
    64: f"40 01 01 01 05 {T}",
    65: "41 01 01 01",
    66: "42 01 01 01",
    67: "43 01 01 01 0A 00 02 00",
    68: "44 01 01 01",
    81: "51 01 00",
    84: f"54 01 05 {T}",
    85: "55 01 00",
    86: "56 01 00",
    88: "58 01 00",
    89: "59 01 00",
    90: f"5A 01 {T}",
    91: "5B 01 0A",
}
"""One example of every type that the standard names."""
