"""`zhen gb26875 decode | encode`: frames as JSON and back. It needs neither database nor servers."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from zhen.gateways.gb26875.codec import hexes
from zhen.gateways.gb26875.codec.describing import describe, pieces, raw_of
from zhen.gateways.gb26875.codec.dialects import DIALECTS
from zhen.gateways.gb26875.codec.frames import Unreadable

STDIN = "-"


def main(arguments: Sequence[str]) -> int:
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except Unreadable as error:
        print(f"zhen: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhen gb26875", description="GB/T 26875.3-2011, the fire alarm protocol.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    decode = commands.add_parser("decode", help="print frames as JSON")
    decode.add_argument(
        "bytes", nargs="*", default=[STDIN], help="hexadecimal digits (spaces, 0x and 20×30 allowed), a file, or -"
    )
    decode.add_argument("--dialect", choices=DIALECTS, help="how the vendor writes frames (recognised unless given)")
    decode.set_defaults(run=_decode)
    encode = commands.add_parser("encode", help="print the bytes of frames that `decode` described")
    encode.add_argument("json", nargs="?", default=STDIN, help="the JSON, a file with it, or -")
    encode.add_argument("--binary", action="store_true", help="the bytes themselves instead of hexadecimal digits")
    encode.set_defaults(run=_encode)
    return parser


def _decode(given: argparse.Namespace) -> int:
    raw = _given_bytes(given.bytes)
    described = [describe(piece) for piece in pieces(raw, DIALECTS.get(given.dialect))]
    print(json.dumps(described[0] if len(described) == 1 else described, ensure_ascii=False, indent=2))
    return 0


def _encode(given: argparse.Namespace) -> int:
    values = _given_json(given.json)
    raw = b"".join(map(raw_of, values if isinstance(values, list) else [values]))
    if given.binary:
        sys.stdout.buffer.write(raw)
    else:
        print(raw.hex().upper())
    return 0


def _given_bytes(words: list[str]) -> bytes:
    if words == [STDIN]:
        return hexes.of_file(sys.stdin.buffer.read())
    if len(words) == 1 and (content := _file(words[0])) is not None:
        return hexes.of_file(content)
    return hexes.parse(" ".join(words))


def _given_json(word: str) -> object:
    text = sys.stdin.buffer.read() if word == STDIN else _file(word) or word.encode()
    try:
        values = json.loads(text)
    except ValueError as error:
        raise Unreadable(offset=0, field="JSON", value=word[:40], reason=str(error)) from error
    if not all(isinstance(each, dict) for each in (values if isinstance(values, list) else [values])):
        raise Unreadable(offset=0, field="JSON", value=word[:40], reason="expected an object, or a list of objects")
    return values


def _file(word: str) -> bytes | None:
    """What is in the file of that name; None where there is none."""
    try:
        return Path(word).read_bytes() if Path(word).is_file() else None
    except (OSError, ValueError):  # a name too long for a file is no file
        return None
