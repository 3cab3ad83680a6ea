"""Telling the supervisor to stop at an awkward moment."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from zhen.runtime.console import Console
from zhen.runtime.supervisor import ChildSpec, Supervisor


class InTheMiddle(io.StringIO):
    """A terminal on which the signal comes while a line is written, once."""

    came = False

    def write(self, text: str) -> int:
        written = super().write(text)
        if "new database" in text and not self.came:
            self.came = True
            os.kill(os.getpid(), signal.SIGTERM)
        return written


def test_a_signal_in_the_middle_of_a_line_stops_the_town(tmp_path: Path) -> None:
    terminal = InTheMiddle()
    supervisor = Supervisor(home=tmp_path, console=Console(stream=terminal))
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as end, supervisor.stoppable():
        supervisor.console.say("Making a new database …")
    assert end.value.code == 0
    assert terminal.getvalue().endswith("SIGTERM: stopping …\n")
    assert signal.getsignal(signal.SIGTERM) is before


class Finalised:
    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.01)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it is what the test is about
def test_a_stop_that_a_finaliser_swallowed_comes_again(tmp_path: Path) -> None:
    supervisor = Supervisor(home=tmp_path, console=Console(stream=io.StringIO()))
    began = time.monotonic()
    with pytest.raises(SystemExit), supervisor.stoppable():
        goes_on_after_a_signal_in_a_finaliser()
    assert time.monotonic() - began < 5


def goes_on_after_a_signal_in_a_finaliser() -> None:
    thing = Finalised()
    del thing
    time.sleep(30)


LIVES_ON = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).open('a').write('started\\n'); time.sleep(60)"


def test_a_child_that_lives_on_and_answers_nothing_is_started_anew(tmp_path: Path) -> None:
    starts, broken = tmp_path / "starts", tmp_path / "broken"

    async def answers() -> bool:
        return starts.exists() and (not broken.exists() or starts.read_text().count("started") > 1)

    async def live() -> None:
        supervisor = Supervisor(home=tmp_path, console=Console(stream=io.StringIO()))
        command = (sys.executable, "-c", LIVES_ON, str(starts))
        async with supervisor:
            spec = ChildSpec(name="server", command=command, environment={}, ready=answers, silent_for=0.5)
            await supervisor.start(spec)
            await asyncio.sleep(1)
            assert starts.read_text() == "started\n"  # as long as it answers, it is left alone
            broken.touch()
            await asyncio.sleep(3)

    asyncio.run(live())
    assert starts.read_text() == "started\nstarted\n"
