"""`zhen gb26875 decode | encode | simulate`: frames as JSON and back, and devices that act.

It needs neither database nor servers.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from zhen.gateways.gb26875.codec import hexes
from zhen.gateways.gb26875.codec.describing import describe, pieces, raw_of
from zhen.gateways.gb26875.codec.dialects import DIALECTS
from zhen.gateways.gb26875.codec.frames import Unreadable
from zhen.gateways.gb26875.simulator.run import FIRST, Run, simulate
from zhen.gateways.gb26875.simulator.scripts import SCRIPTS

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
    simulate = commands.add_parser("simulate", help="act as transmission devices with many detectors")
    simulate.add_argument("--host", default="127.0.0.1")
    simulate.add_argument("--port", type=int, default=26875)
    simulate.add_argument("--devices", type=int, default=1, help="how many (default: 1)")
    simulate.add_argument("--detectors", type=int, default=50, help="behind each (default: 50)")
    simulate.add_argument("--first", type=int, default=FIRST, help=f"the first one's address (default: {FIRST})")
    simulate.add_argument(
        "--script", action="append", choices=SCRIPTS, help="what happens; several are given to the devices in turn"
    )
    simulate.add_argument("--speed", type=float, default=1.0, help="how many times faster than life")
    simulate.add_argument("--report", action="store_true", help="first tell the state of every detector")
    simulate.set_defaults(run=_simulate)
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


def _simulate(given: argparse.Namespace) -> int:
    """The exit status is 0 when every frame was acknowledged."""
    run = Run(
        host=given.host,
        port=given.port,
        devices=given.devices,
        detectors=given.detectors,
        first=given.first,
        scripts=given.script or ("normal-day",),
        speed=given.speed,
        report=given.report,
    )
    try:
        log = asyncio.run(simulate(run))
    except OSError as error:
        print(f"zhen: {given.host}:{given.port}: {error}. Is the gateway running?", file=sys.stderr)
        return 1
    print(json.dumps(log.summary()))
    return 1 if log.counts["unanswered"] or log.counts["refused"] or log.counts["wrong_replies"] else 0


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
