"""Keeping processes running: start in order, restart what dies, stop everything in time.

    supervisor = Supervisor(home=home, console=console)
    with supervisor.stoppable():
        …                                           # slow work before the loop runs
    async with supervisor:
        await supervisor.start(POSTGRES, NATS)      # together; returns when all are ready
        await supervisor.run(PREPARE)               # to its end
        await supervisor.start(WEB, WORKER)
        await supervisor.until_told_to_stop()

SIGINT, SIGTERM and SIGHUP end the block, wherever it stands. No threads are used: children are
reaped on SIGCHLD and probed with asyncio, so that forking stays safe.
"""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from zhen.runtime import logs, processes
from zhen.runtime.console import Console
from zhen.runtime.faults import Fault
from zhen.runtime.place import Account
from zhen.runtime.probes import Probe

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 4.0  # seconds between a death and the next start
SETTLED = 30.0  # after so long, a child's next death counts as its first
_ALIVE_FOR = 1.0  # a child without a probe is ready when it lived this long
_PROBE_EVERY = 0.1
_REMIND_EVERY = 10.0
_LOOK_AT_LOGS_EVERY = 30.0
_LONGEST_LINE = 1_000_000
_STOP_AGAIN_AFTER = 1.0  # long enough for the clean-up on the way out


class ChildFailed(Fault):
    """{name} {how} before it was ready. Its log is {log}:{tail}"""


class ChildNotReady(Fault):
    """{name} was not ready within {seconds:.0f} s. Its log is {log}:{tail}"""


@dataclass(frozen=True, kw_only=True)
class ChildSpec:
    """A process to keep running.

    `ready` says when it can be used; without it, a child is ready when it stays alive. One that was ready and then has
    not been for `silent_for` seconds is stopped and started anew, where that is given: a server that lives on after its
    disk was full, and refuses everything. `before`
    mends what a crash left, before every start but the first. A `needed` child is one the others
    depend on, and is stopped after them.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    account: Account | None = None
    ready: Probe | None = None
    ready_within: float = 60.0
    silent_for: float | None = None
    before: Callable[[], object] | None = None
    stop_signals: tuple[signal.Signals, ...] = (signal.SIGTERM,)
    stop_within: float = 2.5
    needed: bool = False
    directory: Path = Path("/")


@dataclass(kw_only=True, eq=False)
class _Child:
    """A process of a spec, from one start to its end."""

    spec: ChildSpec
    process: subprocess.Popen[bytes]
    ended: asyncio.Future[int]
    started: float = field(default_factory=time.monotonic)

    def age(self) -> float:
        return time.monotonic() - self.started

    async def end(self, within: float | None = None) -> bool:
        """Wait for the end. (A plain `await` of the future would cancel it with the waiter.)"""
        await asyncio.wait([self.ended], timeout=within)
        return self.ended.done()


@dataclass(kw_only=True)
class Supervisor:
    home: Path
    console: Console
    _alive: dict[str, _Child] = field(default_factory=dict)
    _keepers: list[asyncio.Task[None]] = field(default_factory=list)
    _stopping: bool = False
    _body: asyncio.Task[object] | None = None
    _broken: BaseException | None = None

    def __post_init__(self) -> None:
        (self.home / "logs").mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextlib.contextmanager
    def stoppable(self) -> Iterator[None]:
        """Let a signal end the program from within the block; what the block runs is killed.

        The handler itself says nothing: it may have come in the middle of a line, and a stream that is being written
        refuses another one. The exit that it raises is lost where Python runs a finaliser just then: an alarm raises it
        once more.
        """
        told: list[int] = []

        def stop(number: int, _frame: object) -> None:
            told.append(number)
            signal.setitimer(signal.ITIMER_REAL, _STOP_AGAIN_AFTER)
            raise SystemExit(0)

        before = {number: signal.getsignal(number) for number in (*STOP_SIGNALS, signal.SIGALRM)}
        for number in before:
            if before[number] is not signal.SIG_IGN:
                signal.signal(number, stop)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for number, handler in before.items():
                signal.signal(number, handler)
            if told:
                self.console.say(f"{signal.Signals(told[0]).name}: stopping …")
        if told:
            raise SystemExit(0)

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._body = asyncio.current_task()
        for number in STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # `nohup` has SIGHUP ignored
                loop.add_signal_handler(number, self._told_to_stop, number)
        loop.add_signal_handler(signal.SIGCHLD, self._reap)
        self._look_after(self._rotate_logs())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        told_to_stop, self._stopping = self._stopping, True
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        await self._stop(child for child in self._alive.values() if not child.spec.needed)
        await self._stop(self._alive.values())
        if self._broken is not None:
            raise self._broken
        return told_to_stop and kind is asyncio.CancelledError

    def log(self, name: str) -> Path:
        return self.home / "logs" / f"{name}.log"

    def stop_leftovers(self) -> None:
        """Stop what a killed supervisor of this data home left running."""
        leftovers = processes.owned_by(str(self.home))
        if leftovers:
            self.console.say(f"Stopping {len(leftovers)} processes that an earlier run left behind …")
            processes.stop(leftovers, signal.SIGTERM)

    async def start(self, *specs: ChildSpec) -> None:
        """Start children together and keep them running; return when every one is ready."""
        first_starts = []
        for spec in specs:
            first = asyncio.get_running_loop().create_future()
            first_starts.append(first)
            self._look_after(self._keep(spec, first))
        await asyncio.gather(*first_starts)

    async def run(self, spec: ChildSpec, *, show: bool = True) -> list[str]:
        """Run a command to its end; give back, and show, the lines it prints."""
        self._told(spec.name, "running …") if show else None
        read, write = os.pipe()
        try:
            child = self._spawn(spec, write)
        finally:
            os.close(write)
        reader = asyncio.StreamReader(limit=_LONGEST_LINE)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(read, "rb", buffering=0)
        )
        lines = []
        try:
            with self.log(spec.name).open("ab") as log:
                async for line in reader:
                    log.write(line)
                    lines.append(line.decode("utf-8", errors="replace").rstrip())
                    if show:
                        self._told(spec.name, lines[-1])
            await child.end()
        finally:
            transport.close()
        if child.ended.result() != 0:
            raise self._failed(spec, child.ended.result())
        if show:
            self._told(spec.name, f"done in {child.age():.1f} s")
        return lines

    async def until_told_to_stop(self) -> None:
        await asyncio.get_running_loop().create_future()

    # -- one child

    async def _keep(self, spec: ChildSpec, first: asyncio.Future[None]) -> None:
        """Start a child, and again whenever it ends. Only its first start can fail for good."""
        deaths = 0
        while True:
            try:
                if deaths and spec.before:
                    spec.before()
                child = self._spawn(spec, self.log(spec.name))
                await self._until_ready(child, patient=first.done())
            except (Fault, OSError) as error:
                if not first.done():
                    first.set_exception(error)
                    return
                ended = f"cannot be started ({error})"
            else:
                again = f" again after {child.age():.1f} s" if deaths else f" in {child.age():.1f} s"
                if not child.ended.done():
                    self._told(spec.name, f"ready{again}")
                if not first.done():
                    first.set_result(None)
                await self._until_its_end(child)
                ended = processes.describe(child.ended.result())
                deaths = 0 if child.age() > SETTLED else deaths
            deaths += 1
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (deaths - 1)) * random.uniform(0.75, 1.25)  # noqa: S311
            self._told(spec.name, f"{ended}; starting again in {pause:.1f} s")
            await asyncio.sleep(pause)

    def _spawn(self, spec: ChildSpec, output: Path | int) -> _Child:
        process = processes.spawn(
            spec.command,
            output=output,
            environment={**spec.environment, processes.OWNER_VARIABLE: str(self.home)},
            account=spec.account,
            stop_signal=spec.stop_signals[0],
            directory=spec.directory,
        )
        child = _Child(spec=spec, process=process, ended=asyncio.get_running_loop().create_future())
        self._alive[spec.name] = child
        self._reap()  # SIGCHLD may have come before we knew of it
        return child

    async def _until_ready(self, child: _Child, *, patient: bool) -> None:
        """Wait until the child can be used. A first start that fails is a fault; a later one that
        takes too long is killed, to be started once more."""
        spec, reminded = child.spec, 0.0
        while not await self._is_ready(child):
            if child.ended.done():
                if patient:
                    return
                raise self._failed(spec, child.ended.result())
            if child.age() > spec.ready_within:
                await self._stop([child])
                if patient:
                    return
                raise ChildNotReady(
                    name=spec.name, seconds=spec.ready_within, log=self.log(spec.name), tail=self._tail(spec)
                )
            if child.age() - reminded > _REMIND_EVERY:
                reminded = child.age()
                self._told(spec.name, f"starting … ({reminded:.0f} s)")
            await child.end(_PROBE_EVERY)

    async def _until_its_end(self, child: _Child) -> None:
        patience = child.spec.silent_for
        heard = time.monotonic()
        while not await child.end(patience and patience / 5):
            assert patience is not None
            if await self._is_ready(child):
                heard = time.monotonic()
            elif time.monotonic() - heard > patience:
                self._told(child.spec.name, f"has not been ready for {patience:.0f} s; stopping it")
                await self._stop([child])

    async def _is_ready(self, child: _Child) -> bool:
        if child.ended.done():
            return False
        if child.spec.ready is None:
            return child.age() > _ALIVE_FOR
        return await child.spec.ready()

    async def _stop(self, children: Iterable[_Child]) -> None:
        """Ask children to stop, each with its signals in turn; kill those that do not in time."""
        await asyncio.gather(*(self._stop_one(child) for child in list(children)))

    async def _stop_one(self, child: _Child) -> None:
        signals = child.spec.stop_signals
        for number in signals:
            if not child.ended.done():
                child.process.send_signal(number)
                await child.end(child.spec.stop_within / len(signals))
        if not child.ended.done():
            self._told(child.spec.name, f"did not stop within {child.spec.stop_within:.1f} s; killing it")
            child.process.kill()
            await child.end(1.0)

    # -- the whole

    def _reap(self) -> None:
        for name, child in list(self._alive.items()):
            if processes.has_ended(child.process):
                del self._alive[name]
                child.ended.set_result(processes.collect(child.process))

    def _told_to_stop(self, number: signal.Signals) -> None:
        if not self._stopping and self._body is not None:
            self._stopping = True
            self.console.say(f"{number.name}: stopping …")
            self._body.cancel()

    def _look_after(self, work: Coroutine[object, object, None]) -> None:
        """Run a task beside the body. A fault of ours in it ends the body and is raised there."""
        task = asyncio.create_task(work)
        task.add_done_callback(self._keeper_ended)
        self._keepers.append(task)

    def _keeper_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) and self._body is not None:
            self._broken = error
            self._body.cancel()

    async def _rotate_logs(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_AT_LOGS_EVERY)
            for log in (self.home / "logs").glob("*.log"):
                logs.rotate(log)

    def _failed(self, spec: ChildSpec, code: int) -> ChildFailed:
        return ChildFailed(name=spec.name, how=processes.describe(code), log=self.log(spec.name), tail=self._tail(spec))

    def _tail(self, spec: ChildSpec) -> str:
        return "".join(f"\n    {line}" for line in processes.last_lines(self.log(spec.name)).splitlines())

    def _told(self, name: str, text: str) -> None:
        self.console.event(name, text)
