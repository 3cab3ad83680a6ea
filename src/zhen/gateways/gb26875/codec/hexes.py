"""Bytes as people write them: `40 40`, `0x40,0x40`, `4040`, `20×30` (thirty times 20), lines with `# remarks`."""

from __future__ import annotations

import re

from zhen.gateways.gb26875.codec.frames import LONGEST, START, Unreadable

LARGEST = 1000 * LONGEST
_TOKEN = re.compile(
    r"""(?P<gap>[\s,;:|\[\]{}()"'-]+)
      | 0[xX](?P<prefixed>[0-9A-Fa-f]{1,2}(?![0-9A-Fa-f×*xX]))
      | (?P<byte>[0-9A-Fa-f]{2})[ ]?[×*xX][ ]?(?P<times>[0-9]+)(?![0-9A-Fa-f])
      | 0[xX](?P<long>(?:[0-9A-Fa-f]{2})+)
      | (?P<plain>[0-9A-Fa-f]{2})""",
    re.VERBOSE,
)


def parse(text: str) -> bytes:
    """The bytes that `text` writes. Raises `Unreadable` with the place of what is none."""
    text = "\n".join(line.partition("#")[0].ljust(len(line)) for line in text.split("\n"))
    found = bytearray()
    at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise Unreadable(
                offset=at, field="hexadecimal text", value=text[at : at + 12], reason="two digits 0-F each"
            )
        at = token.end()
        found += _bytes(token)
        if len(found) > LARGEST:
            raise Unreadable(offset=at, field="hexadecimal text", value="", reason=f"at most {LARGEST} bytes at once")
    return bytes(found)


def _bytes(token: re.Match[str]) -> bytes:
    if token["gap"]:
        return b""
    if token["byte"]:
        return bytes.fromhex(token["byte"]) * min(int(token["times"]), LARGEST + 1)
    if token["prefixed"]:
        return bytes((int(token["prefixed"], 16),))
    return bytes.fromhex(token["long"] or token["plain"])


def of_file(content: bytes) -> bytes:
    """The bytes in a file: as they are where it begins like a frame, else written out."""
    return content if content.startswith(START) else parse(content.decode("utf-8", "replace"))
