"""A real NATS: ready means ready, and a message acknowledged is a message kept."""

import asyncio
import os
import signal
import socket
from pathlib import Path

import nats as client
import psutil
import pytest

from zhen.runtime import nats, processes


async def publish(url: str) -> None:
    connection = await client.connect(url)
    stream = connection.jetstream()
    await stream.add_stream(name="readings", subjects=["readings.>"])
    await stream.publish("readings.one", b"21.5")
    await connection.close()


async def count(url: str) -> int:
    connection = await client.connect(url)
    info = await connection.jetstream().stream_info("readings")
    await connection.close()
    return info.state.messages


def test_an_acknowledged_message_survives_a_kill(home: Path) -> None:
    server = nats.prepare(home)
    for _ in range(2):
        process = processes.spawn(server.command, output=home / "log", environment=server.environment)
        assert processes.wait_until(server.is_ready, seconds=20)
        asyncio.run(publish(server.url))
        process.send_signal(signal.SIGKILL)
        process.wait()
    with nats.running(home) as again:
        assert asyncio.run(count(again.url)) == 2


def test_without_the_password_nobody_gets_in(home: Path) -> None:
    with nats.running(home) as server:
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
            connection.sendall(b'CONNECT {"user": "zhen", "pass": "guess", "verbose": false}\r\nPING\r\n')
            said = b"".join(iter(lambda: connection.recv(4096), b""))
        assert b"-ERR 'Authorization Violation'" in said
        assert server.configuration.stat().st_mode & 0o777 == 0o600


def test_addresses_stay_the_same(home: Path) -> None:
    assert nats.prepare(home) == nats.prepare(home)


def test_a_missing_program_is_refused(home: Path) -> None:
    with pytest.raises(nats.NoProgram, match="no program /nowhere/nats-server"):
        nats.prepare(home, nats_bin=Path("/nowhere/nats-server"))


def test_the_server_ends_with_the_block(home: Path) -> None:
    with nats.running(home) as server:
        pid = next(
            process.pid
            for process in psutil.Process(os.getpid()).children()
            if process.cmdline() == list(server.command)
        )
    assert not psutil.pid_exists(pid)
