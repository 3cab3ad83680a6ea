"""Starting, recognising and stopping operating system processes.

A process is only ever stopped when it is proved to be ours: a number alone proves nothing,
since the system uses it again.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil

from zhen.runtime.place import Account

OWNER_VARIABLE = "ZHEN_SUPERVISED"
"""Set in every child to the token of its data home, so that a leftover can prove whose it is."""

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str],
    *,
    output: Path | int,
    environment: Mapping[str, str],
    account: Account | None = None,
    stop_signal: signal.Signals = signal.SIGTERM,
    directory: Path = Path("/"),
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own that ends when we end.

    What it prints is appended to a file, or goes to an open descriptor.
    """
    descriptor = (
        os.dup(output) if isinstance(output, int) else os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    )
    try:
        return subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            cwd=directory,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=leash(stop_signal),  # safe: the supervisor runs no threads
        )
    finally:
        os.close(descriptor)


def leash(stop_signal: signal.Signals) -> Callable[[], None] | None:
    """Have the kernel send `stop_signal` to the child when we die, even of SIGKILL.

    The child calls this after it changed its account, which would clear the setting. Systems
    other than Linux lack it; there a leftover is found at the next start.
    """
    if _LIBC is None:
        return None
    libc, parent = _LIBC, os.getpid()

    def tie() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:  # we died in between: the signal will not come
            os._exit(1)

    return tie


def owned_by(token: str) -> list[psutil.Process]:
    """Every living process that carries the token of a data home."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.environ().get(OWNER_VARIABLE) == token and process.pid != os.getpid():
                found.append(process)
    return found


def working_in(directory: Path, program: str) -> list[psutil.Process]:
    """Every living process called `program` whose working directory is `directory`."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if process.name() == program and process.cwd() == str(directory):
                found.append(process)
    return found


def command_of(process: psutil.Process) -> tuple[str, ...]:
    """Its command line; empty when it has just ended."""
    try:
        return tuple(process.cmdline())
    except psutil.Error:
        return ()


def stop(
    processes: Iterable[psutil.Process],
    *signals: signal.Signals,
    patience: float = 3.0,
) -> None:
    """Send each signal in turn to those still alive, `patience` seconds apart, and SIGKILL last.

    psutil compares start times before it signals, so a number in use again is left alone.
    """
    alive = list(processes)
    for number in (*signals, signal.SIGKILL):
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        _, alive = psutil.wait_procs(alive, timeout=patience)
        if not alive:
            return


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether a child has ended. It is not reaped yet where the system allows that, so that its
    number cannot be used again before `collect` signals its group."""
    if process.returncode is not None:
        return True
    if hasattr(os, "waitid"):  # macOS has it from Python 3.13
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    return process.poll() is not None


def collect(process: subprocess.Popen[Any]) -> int:
    """Reap an ended child, and kill those it left in its group: a server's orphaned workers would
    keep its port. Gives the return code, negative for a signal."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS: only zombies are left
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def describe(code: int) -> str:
    """A return code in words."""
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"


def wait_until(check: Callable[[], bool], *, seconds: float, step: float = 0.05) -> bool:
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            return False
        time.sleep(step)
    return True


def last_lines(log: Path, count: int = 12) -> str:
    """The end of a log file, to be shown when its writer failed."""
    try:
        with log.open("rb") as file:
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - 16_384))
            text = file.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return ""
    return "\n".join(text.splitlines()[-count:])
