"""One simulated transmission device: it sends, waits for each acknowledgement, and does what it is told."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from zhen.gateways.gb26875.codec import application as codec
from zhen.gateways.gb26875.codec import objects
from zhen.gateways.gb26875.codec.application import Application, Type
from zhen.gateways.gb26875.codec.frames import Command, Frame
from zhen.gateways.gb26875.codec.splitter import Splitter
from zhen.gateways.gb26875.codec.wire import Stamp
from zhen.gateways.gb26875.simulator import scripts
from zhen.gateways.gb26875.simulator.scripts import Detector, Step
from zhen.kernel.lib import clock

CENTRE = (88888).to_bytes(6, "little")
ANSWER_WITHIN = 10.0
ATTEMPTS = 4
CHUNK = 65_536


@dataclass(kw_only=True)
class Log:
    """What the devices of a run met. `seconds`: from each frame to its acknowledgement."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def summary(self) -> dict[str, float]:
        """Counts, and the times in milliseconds."""
        ordered = sorted(self.seconds) or [0.0]
        place = {50: len(ordered) // 2, 99: min(len(ordered) - 1, len(ordered) * 99 // 100)}
        return {**self.counts, **{f"ack_p{part}_ms": round(ordered[at] * 1000, 2) for part, at in place.items()}}


class Device:
    """async with Device(source=…, host=…, port=…, log=log) as device: await device.tell(application)"""

    def __init__(
        self, *, source: bytes, host: str, port: int, log: Log, detectors: int = 50, answers_duty: bool = True
    ) -> None:
        self.source, self.log = source, log
        self.detectors = [Detector(number=number) for number in range(detectors)]
        self.answers_duty = answers_duty
        self._host, self._port = host, port
        self._serial = 0
        self._waiting: dict[int, asyncio.Future[Frame]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        reader, self._writer = await asyncio.open_connection(self._host, self._port)
        self._start(self._listen(reader))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def tell(self, application: Application | None, *, command: Command = Command.SEND) -> Frame | None:
        """Send (None: a heartbeat) and wait for the acknowledgement, again after 10 s, three times more.

        Gives the reply; None where none came.
        """
        self._serial = self._serial % 0xFFFF + 1
        frame = self._frame(command, application.write() if application else b"", self._serial)
        for _attempt in range(ATTEMPTS):
            reply = await self._exchange(frame)
            if reply is not None:
                self.log.counts["acked" if reply.command == Command.ACK else "refused"] += 1
                return reply
            self.log.counts["repeated"] += 1
        self.log.counts["unanswered"] += 1
        return None

    async def play(self, steps: Iterable[Step], *, speed: float = 1.0) -> None:
        """Act a script; 60 times `speed` makes a second of a minute."""
        start = time.monotonic()
        for step in sorted(steps, key=lambda step: step.after):
            await asyncio.sleep(max(0.0, start + step.after / speed - time.monotonic()))
            await self.tell(step.tells(self._display()))

    async def report_all(self, state: int = scripts.NORMAL) -> None:
        """Tell the state of every detector."""
        for detector in self.detectors:
            await self.tell(scripts.component(detector, state, self._display()))

    # -- the wire

    def _display(self) -> scripts.Moment:
        return clock.now().astimezone(clock.TOWN_ZONE)

    def _frame(self, command: Command, data: bytes, serial: int) -> Frame:
        return Frame(
            serial=serial,
            time=Stamp.of(self._display()),
            source=self.source,
            destination=CENTRE,
            command=command,
            data=data,
        )

    async def _exchange(self, frame: Frame) -> Frame | None:
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[frame.serial] = waiting
        start = time.monotonic()
        try:
            self.log.counts["sent"] += 1
            await self._send(frame.raw)
            async with asyncio.timeout(ANSWER_WITHIN):
                reply: Frame = await waiting
        except TimeoutError:
            return None
        finally:
            del self._waiting[frame.serial]
        self.log.seconds.append(time.monotonic() - start)
        return reply

    async def _send(self, raw: bytes) -> None:
        assert self._writer is not None
        self._writer.write(raw)
        await self._writer.drain()

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        splitter = Splitter()
        with contextlib.suppress(OSError):
            while chunk := await reader.read(CHUNK):
                for piece in splitter.feed(chunk):
                    if isinstance(piece, Frame):
                        await self._hear(piece)
                    else:
                        self.log.counts["garbage"] += 1

    async def _hear(self, frame: Frame) -> None:
        if not frame.is_sound or frame.destination != self.source:
            self.log.counts["wrong_replies"] += 1
        elif frame.command in {Command.ACK, Command.NAK}:
            waiting = self._waiting.get(frame.serial)
            if waiting is not None and not waiting.done():
                waiting.set_result(frame)
            else:
                self.log.counts["late_replies"] += 1
        else:
            await self._obey(frame)

    # -- orders

    async def _obey(self, frame: Frame) -> None:
        """Acknowledge what is ordered; answer what is asked."""
        self.log.counts["orders"] += 1
        order = codec.read(frame)
        if frame.command == Command.ASK and order is not None:
            answer = self._answer(order)
            command = Command.ANSWER if answer else Command.NAK
            await self._send(self._frame(command, answer.write() if answer else b"", frame.serial).raw)
            return
        await self._send(frame.reply(Command.ACK, now=self._display()).raw)
        if order is not None and order.type == Type.DUTY_CHECK and self.answers_duty:
            self._start(self._press())

    async def _press(self) -> None:
        await self.tell(scripts.duty_reply(self._display()))

    def _answer(self, order: Application) -> Application | None:
        now = self._display()
        match order.type, order.objects:
            case Type.ASK_SYSTEM_STATE, [objects.OfSystem() as asked, *_]:
                return scripts.system(scripts.NORMAL, now, kind=asked.system_type)
            case Type.ASK_COMPONENT_STATE, [objects.AskComponent() as asked, *_]:
                found = [each for each in self.detectors if each.address == asked.component_address]
                return scripts.component(found[0], scripts.NORMAL, now) if found else None
            case Type.ASK_DEVICE_STATE, _:
                return scripts.device(scripts.NORMAL, now)
            case Type.ASK_DEVICE_TIME, _:
                return Application.of(Type.DEVICE_TIME, objects.Clock(time=Stamp.of(now)))
            case Type.ASK_DEVICE_VERSION, _:
                return Application.of(Type.DEVICE_VERSION, objects.DeviceVersion(major=1, minor=0))
            case _:
                return None

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def sources(first: int, count: int) -> Sequence[bytes]:
    """Addresses of `count` devices, from `first` on."""
    return [(first + number).to_bytes(6, "little") for number in range(count)]
