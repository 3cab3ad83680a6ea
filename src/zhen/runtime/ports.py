"""TCP ports on the loopback interface."""

import secrets
import socket

from zhen.runtime.faults import Fault

LOOPBACK = "127.0.0.1"


class NoFreePort(Fault):
    """No TCP port between 15000 and 32000 is free on 127.0.0.1. Check that the loopback
    interface is up, and stop what is not needed."""


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen there now. A port in TIME_WAIT counts as free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A random free port below those the system hands to outgoing connections, one of which
    might otherwise sit on it when the server comes back."""
    for _ in range(200):
        port = 15_000 + secrets.randbelow(17_000)
        if is_free(port):
            return port
    raise NoFreePort


def keep_or_choose(recorded: object) -> int:
    """The recorded port while it is free, so that clients find the server again; else a new one."""
    if isinstance(recorded, int) and is_free(recorded):
        return recorded
    return free_port()


def answers(port: int, host: str = LOOPBACK, timeout: float = 1.0) -> bool:
    try:
        with socket.create_connection((host, port), timeout=timeout):
            return True
    except OSError:
        return False
