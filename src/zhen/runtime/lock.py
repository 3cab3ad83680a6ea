"""One supervisor per data home."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from zhen.runtime.faults import Fault


class AlreadyRunning(Fault):
    """Zhen is already running on {home} (process {process}). Stop it first, or set ZHEN_HOME and
    ZHEN_PORT to run a second town."""


@contextlib.contextmanager
def hold(home: Path) -> Iterator[None]:
    """Hold the data home. The kernel lets go of it when we die, however we die."""
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            process = os.read(descriptor, 20).decode("ascii", errors="replace").strip() or "unknown"
            raise AlreadyRunning(home=home, process=process) from None
        os.truncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode("ascii"))
        yield
    finally:
        os.close(descriptor)
