"""A little town in its own process, to be killed in parts."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from django.conf import settings
from django.db import connection

from zhen.runtime import ports, processes
from zhen.runtime.settings import variables

PATIENCE = 120
LITTLE_TOWN = Path(__file__).with_name("little_town.py")


def environment() -> dict[str, str]:
    """What a shell of its own would have: nothing of this test run."""
    ours = {*variables(), "DJANGO_SETTINGS_MODULE"}
    return {name: value for name, value in os.environ.items() if name not in ours}


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
    command: tuple[str, ...] = (sys.executable, str(LITTLE_TOWN))
    name: str = "first"
    extra: dict[str, str] = field(default_factory=dict)
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
        own = {"ZHEN_HOME": str(self.home), "ZHEN_PORT": str(self.port), "ZHEN_DEMO": "off", **self.extra}
        with self._file.open("wb") as output:
            self.process = subprocess.Popen(
                self.command,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**environment(), **own},
                # A shell's background job has SIGINT ignored, and `zhen up` respects that as with nohup.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        return self.process

    def start(self, seconds: float = 60) -> None:
        process = self.begin()
        eventually(lambda: "\nready in" in self.output or process.poll() is not None, seconds)
        assert process.poll() is None, self.output

    def child(self, name: str) -> psutil.Process | None:
        """The process of a child: a server, or the program or stand-in that does the work of `name`."""
        assert self.process is not None
        marks = {
            "postgres": ("/postgres",),
            "nats": ("nats-server",),
            "web": ("http.server", "web"),
            "worker": ("SIG_IGN", "worker"),
            "ingest": ("ingest",),
            "gateways": ("gateway",),
        }
        servers = {"postgres", "nats"}
        with contextlib.suppress(psutil.Error):
            for process in psutil.Process(self.process.pid).children():
                line = process.cmdline()
                words = line[:1] if name in servers else line[2:]
                if any(mark in word for mark in marks[name] for word in words):
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


@contextlib.contextmanager
def new_town(*command: str) -> Iterator[Town]:
    parent = Path(tempfile.mkdtemp(prefix="zhen-"))
    parent.chmod(0o755)
    town = Town(parent / "home", command) if command else Town(parent / "home")
    try:
        yield town
    finally:
        if town.process is not None and town.process.poll() is None:
            town.stop()
        processes.stop(town.everyone())
        shutil.rmtree(parent)


@pytest.fixture
def town() -> Iterator[Town]:
    with new_town() as town:
        yield town


@pytest.fixture
def web(transactional_db: None, tmp_path: Path) -> Iterator[str]:
    """`zhen web` with two workers on the database of the test."""
    port = ports.free_port()
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    own = {"DATABASE_URL": database, "ZHEN_PORT": str(port), "ZHEN_WEB_WORKERS": "2", "ZHEN_DEMO": "off"}
    with (tmp_path / "web.log").open("wb") as log:
        process = subprocess.Popen(
            (sys.executable, "-m", "zhen.project.cli", "web"),
            env={**os.environ, **own, "ZHEN_KEY_RING": str(settings.ZHEN_KEY_RING)},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"

    def serves() -> bool:
        assert process.poll() is None, (tmp_path / "web.log").read_text()
        try:
            return urllib.request.urlopen(f"{address}/healthz", timeout=5).status == 200
        except OSError:
            return False

    try:
        eventually(serves, PATIENCE)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
