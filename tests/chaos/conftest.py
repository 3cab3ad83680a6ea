"""A little town in its own process, to be killed in parts."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from zhen.runtime import ports, processes
from zhen.runtime.settings import variables

LITTLE_TOWN = Path(__file__).with_name("little_town.py")


def eventually(check: Callable[[], object], seconds: float) -> float:
    """Wait for it; give the seconds it took."""
    start = time.monotonic()
    while not check():
        assert time.monotonic() - start < seconds, f"not within {seconds} s"
        time.sleep(0.05)
    return time.monotonic() - start


@dataclass
class Town:
    """`ready` of its output is what a person sees; its processes are found as anyone would find them."""

    home: Path
    name: str = "first"
    port: int = field(default_factory=ports.free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def output(self) -> str:
        with contextlib.suppress(FileNotFoundError):
            return self._file.read_text()
        return ""

    @property
    def _file(self) -> Path:
        return self.home.with_name(self.name)

    def begin(self) -> subprocess.Popen[bytes]:
        self._file.unlink(missing_ok=True)
        foreign = {name: value for name, value in os.environ.items() if name not in variables()}
        with self._file.open("wb") as output:
            self.process = subprocess.Popen(
                (sys.executable, str(LITTLE_TOWN), str(self.home), str(self.port)),
                stdout=output,
                stderr=subprocess.STDOUT,
                env=foreign,
            )
        return self.process

    def start(self) -> None:
        process = self.begin()
        eventually(lambda: "\nready in" in self.output or process.poll() is not None, 60)
        assert process.poll() is None, self.output

    def child(self, name: str) -> psutil.Process | None:
        """The process of a child: the server, or the stand-in that runs `name`."""
        assert self.process is not None
        marks = {"postgres": "postgres", "nats": "nats-server", "web": "http.server", "worker": "SIG_IGN"}
        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self.process.pid).children():
                if any(marks[name] in word for word in process.cmdline()):
                    return process
        return None

    def everyone(self) -> list[psutil.Process]:
        """Every process of this home, the supervisor not counted."""
        data = self.home / "server" / "data"
        return [*processes.owned_by(str(self.home)), *processes.working_in(data, "postgres")]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        assert self.process is not None
        start = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - start


@pytest.fixture
def town() -> Iterator[Town]:
    parent = Path(tempfile.mkdtemp(prefix="zhen-"))
    parent.chmod(0o755)
    town = Town(parent / "home")
    yield town
    if town.process is not None and town.process.poll() is None:
        town.stop()
    processes.stop(town.everyone())
    shutil.rmtree(parent)
