"""Telling the supervisor to stop at an awkward moment."""

from __future__ import annotations

import io
import os
import signal
import time
from pathlib import Path

import pytest

from zhen.runtime.console import Console
from zhen.runtime.supervisor import Supervisor


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
