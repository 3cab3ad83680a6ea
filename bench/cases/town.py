"""A town of its own for a benchmark: `zhen up` in an empty home, with two web workers, ended afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from zhen.runtime import ports, processes
from zhen.runtime.settings import variables

CHECKOUT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 600.0
ENDS_WITHIN = 60.0
SETTLES_WITHIN = 300.0
LOOKED_AT_EACH = 4.0
AT_REST = 0.1
"""Of one processor."""


@dataclass(frozen=True, kw_only=True)
class Town:
    home: Path
    port: int
    environment: Mapping[str, str]

    def settle(self) -> None:
        """Wait until the town is at rest: sealing and cleaning up after a load is no part of what is measured."""
        end = time.monotonic() + SETTLES_WITHIN
        before = self._used()
        while time.monotonic() < end:
            time.sleep(LOOKED_AT_EACH)
            now = self._used()
            if now - before < AT_REST * LOOKED_AT_EACH:
                return
            before = now
        print(f"  the town is not at rest after {SETTLES_WITHIN:.0f} s", flush=True)

    def _used(self) -> float:
        """Seconds of processors that its processes have used. One that has ended counts no more."""
        used = 0.0
        for process in everyone(self.home):
            with suppress(psutil.Error):
                times = process.cpu_times()
                used += times.user + times.system
        return used

    def python(self, module: str, *arguments: str) -> str:
        """Run a module of the checkout against this town; its output goes on to the reader, the last line is given."""
        words = [sys.executable, "-m", module, *arguments]
        process = subprocess.Popen(
            words, cwd=CHECKOUT, env=dict(self.environment), stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )
        last = ""
        assert process.stdout is not None
        for line in process.stdout:
            last = line.strip()
            if not last.startswith("{"):
                print(line, end="", flush=True)
        if process.wait() != 0:
            raise SystemExit(f"{module} ended with {process.returncode}.")
        return last


@contextmanager
def running() -> Iterator[Town]:
    parent = Path(tempfile.mkdtemp(prefix="zhen-bench-"))
    parent.chmod(0o755)
    home, port = parent / "home", ports.free_port()
    ours = {*variables(), "DJANGO_SETTINGS_MODULE"}
    environment = {name: value for name, value in os.environ.items() if name not in ours} | {
        "ZHEN_HOME": str(home),
        "ZHEN_PORT": str(port),
        "ZHEN_WEB_WORKERS": "2",
        "ZHEN_SIMULATE": "off",
        "ZHEN_TRUSTED_PROXIES": "1",
        "PYTHONPATH": str(CHECKOUT),
    }
    output = parent / "output"
    with output.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "zhen.project.cli", "up"],
            stdout=file,
            stderr=subprocess.STDOUT,
            env=environment,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background job ignores it
        )
        try:
            _wait(process, output)
            yield Town(
                home=home, port=port, environment=environment | {"DJANGO_SETTINGS_MODULE": "zhen.project.settings"}
            )
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=ENDS_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
            processes.stop(
                [*processes.owned_by(str(home)), *processes.working_in(home / "server" / "data", "postgres")]
            )
            shutil.rmtree(parent, ignore_errors=True)


def everyone(home: Path) -> list[psutil.Process]:
    """Every process of a town."""
    return [*processes.owned_by(str(home)), *processes.working_in(home / "server" / "data", "postgres")]


def _wait(process: subprocess.Popen[bytes], output: Path) -> None:
    end = time.monotonic() + STARTS_WITHIN
    while "\nready in" not in output.read_text(encoding="utf-8", errors="replace"):
        if process.poll() is not None or time.monotonic() > end:
            raise SystemExit(f"The town of the benchmark did not start:\n{output.read_text(encoding='utf-8')}")
        time.sleep(0.2)
