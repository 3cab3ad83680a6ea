"""The monitoring centre: what it does with each frame, and what it says to it.

An acknowledgement is given when everything the frame told is stored, and not before; a frame whose
checksum is wrong is refused. Nothing is dropped: what is not understood is kept raw.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from zhen.gateways.gb26875 import mapping
from zhen.gateways.gb26875.codec import application as codec
from zhen.gateways.gb26875.codec.application import Application
from zhen.gateways.gb26875.codec.frames import Command, Frame, decode
from zhen.gateways.gb26875.codec.splitter import Garbage, Piece
from zhen.gateways.gb26875.mapping import Part, Report
from zhen.gateways.gb26875.rules import comes_from
from zhen.gateways.gb26875.server.book import Answer, Book, Heard, Kept, Terminal, Why
from zhen.gateways.gb26875.server.limits import Limits
from zhen.gateways.gb26875.server.line import Line
from zhen.gateways.gb26875.sink import Message, NotStored, Sink
from zhen.kernel.lib import clock

log = logging.getLogger(__name__)

OWN_COMMANDS = range(128, 256)
"""Commands that vendors define; the standard says nothing of them, and their devices wait for an acknowledgement."""


class Unreachable(Exception):
    """The device is not connected. Remedy: order again when it is; see when it was last heard."""


class NoAnswer(Exception):
    """The device did not answer in time, however often it was asked. Remedy: look at the device."""


class Centre:
    """One process's end of the lines. Counts everything it does in `counts`."""

    def __init__(self, *, book: Book, sink: Sink, limits: Limits) -> None:
        self.book, self.sink, self.limits = book, sink, limits
        self.counts: Counter[str] = Counter()
        self.lines: dict[bytes, Line] = {}
        self._waiting: dict[tuple[bytes, int], asyncio.Future[Answer]] = {}

    # -- up: from devices

    async def receive(self, piece: Piece, line: Line) -> bytes | None:
        """Take one piece of what a device sent; the bytes to reply with, if any."""
        now = clock.now()
        try:
            if isinstance(piece, Garbage):
                self.counts["garbage_bytes"] += len(piece.raw)
                await self.book.keep(Kept(why=Why.GARBAGE, raw=piece.raw, peer=line.peer, at=now))
                return None
            self.counts["frames"] += 1
            command = await self._take(piece, line, now)
        except NotStored as error:
            self.counts["not_stored"] += 1
            log.warning("not acknowledged, since not stored: %s", error)
            return None
        if command is None:
            return None
        self.counts["acks" if command is Command.ACK else "naks"] += 1
        return piece.reply(command, now=now.astimezone(clock.TOWN_ZONE)).raw

    async def _take(self, frame: Frame, line: Line, now: datetime) -> Command | None:
        """What to say to a frame, once everything in it is stored; None: nothing."""
        if not frame.is_sound:
            self.counts["unsound"] += 1
            await self.book.keep(_kept(Why.CHECKSUM, frame, line, now))
            return Command.NAK
        terminal = await self.book.terminal(frame.source)
        if terminal is None or not comes_from(line.peer, terminal.networks):
            self.counts["unknown_source"] += 1
            await self.book.keep(_kept(Why.SOURCE, frame, line, now))
            return Command.ACK if frame.command in {Command.SEND, *OWN_COMMANDS} else None
        if terminal.dialect not in {None, frame.dialect}:
            frame = decode(frame.raw, terminal.dialect)
        self._note(terminal, frame, line, now)
        match frame.command:
            case Command.SEND:
                await self._store(terminal, frame, line, now)
                return Command.ACK
            case Command.ANSWER:
                await self._store(terminal, frame, line, now)
                self._answered(frame, now)
                return None
            case Command.ACK | Command.NAK:
                self._answered(frame, now)
                return None
            case _:
                self.counts["unknown_command"] += 1
                await self.book.keep(_kept(Why.COMMAND, frame, line, now))
                return Command.ACK if frame.command in OWN_COMMANDS else None

    def _note(self, terminal: Terminal, frame: Frame, line: Line, now: datetime) -> None:
        line.last = frame
        self.lines[frame.source] = line
        error = mapping.clock_error(frame, now=now)
        self.book.heard(Heard(terminal=terminal, peer=line.peer, at=now, clock_error=error))

    async def _store(self, terminal: Terminal, frame: Frame, line: Line, now: datetime) -> None:
        application = codec.read(frame)
        if application is None:
            self.counts["heartbeats"] += 1
            return
        told = mapping.read(frame, application, now=now)
        if not told.understood:
            self.counts["not_understood"] += 1
            await self.book.keep(_kept(Why.DATA, frame, line, now))
        await self._publish(terminal, told.reports, told.texts, now)
        if told.duty_reply:
            self.counts["duty_replies"] += 1
            await self.book.duty_answered(terminal, now)

    async def _publish(
        self, terminal: Terminal, reports: Sequence[Report], texts: Mapping[Part, str], now: datetime
    ) -> None:
        if not reports and not texts:
            return
        codes = await self.book.codes(terminal, reports, texts, now)
        await self.sink.put([message(codes[report.part], report) for report in reports])
        self.counts["reports"] += len(reports)

    def _answered(self, frame: Frame, now: datetime) -> None:
        waiting = self._waiting.get((frame.source, frame.serial))
        if waiting is None or waiting.done():
            self.counts["late_answers"] += 1
            return
        waiting.set_result(Answer(raw=frame.raw, at=now, refused=frame.command == Command.NAK))

    def closed(self, line: Line) -> None:
        """The line is gone; no order takes it any more."""
        line.open = False
        if line.last is not None and self.lines.get(line.last.source) is line:
            del self.lines[line.last.source]

    # -- down: to devices

    async def order(self, source: bytes, command: Command, application: Application) -> Answer:
        """Send an order and wait for what comes back to it: again after 10 s, three times more (6.5).

        Raises `Unreachable` or `NoAnswer`.
        """
        for _attempt in range(self.limits.attempts):
            line = self.lines.get(source)
            if line is None or line.last is None:
                raise Unreachable
            answer = await self._ask(line, line.last, command, application)
            if answer is not None:
                return answer
            self.counts["orders_repeated"] += 1
        raise NoAnswer

    async def _ask(self, line: Line, last: Frame, command: Command, application: Application) -> Answer | None:
        """One attempt; None where no answer came in time. Each has a serial of its own, so that a late answer
        to an earlier one is not taken for this one's."""
        serial = line.next_serial()
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[last.source, serial] = waiting
        frame = order_frame(last, serial, command, application, now=clock.now())
        try:
            self.counts["orders_sent"] += 1
            await line.send(frame.raw)
            async with asyncio.timeout(self.limits.answer_within):
                return await waiting
        except (TimeoutError, OSError):
            return None
        finally:
            del self._waiting[last.source, serial]


def order_frame(last: Frame, serial: int, command: Command, application: Application, *, now: datetime) -> Frame:
    """A frame to the device that sent `last`, in its own form."""
    made = last.reply(command, now=now.astimezone(clock.TOWN_ZONE))
    return replace(made, serial=serial, data=application.write(last.dialect))


def message(code: str, report: Report) -> Message:
    """A report for the stream: `t` is when it happened, `d` when the device says it did, `m` the numbers."""
    payload: dict[str, object] = {"t": report.at.timestamp(), "m": report.metrics}
    if report.device_at is not None:
        payload["d"] = report.device_at.timestamp()
    return Message(subject=f"g.{code}.r", payload=json.dumps(payload, separators=(",", ":")).encode())


def _kept(why: Why, frame: Frame, line: Line, now: datetime) -> Kept:
    return Kept(why=why, raw=frame.raw, peer=line.peer, at=now, source=frame.source)
