"""`zhen up`: the whole town on one machine.

PostgreSQL and NATS start together; then one process brings the database up to date and builds the
demo town if there is none; then web, worker and gateways start together. All of them are kept running until
Ctrl-C.
"""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import psutil

from zhen.runtime import gateways, lock, nats, ports, postgres, probes
from zhen.runtime import settings as runtime_settings
from zhen.runtime.console import Console
from zhen.runtime.faults import Fault
from zhen.runtime.files import write_private
from zhen.runtime.settings import RuntimeSettings
from zhen.runtime.supervisor import ChildFailed, ChildSpec, Supervisor

CLI = (sys.executable, "-m", "zhen.project.cli")
HEALTH = "/healthz"
_REMOTE_PATIENCE = 30.0

FACES = (("Portal", "/"), ("Desk", "/desk/"), ("Cockpit", "/cockpit/"))


class PortTaken(Fault):
    """Port {port} on {host} is taken{by}. Stop what uses it, or set ZHEN_PORT to another port."""


class NoAnswer(Fault):
    """{variable} is set, but no {what} answered there within {seconds:.0f} s. Start it, correct the
    address, or unset {variable} to use the embedded one."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """The processes of a town, in the groups they start in."""

    servers: tuple[ChildSpec, ...]
    prepare: ChildSpec
    logins: ChildSpec
    faces: tuple[ChildSpec, ...]


def main(arguments: Sequence[str] = ()) -> int:
    """Run the town until told to stop. Gives the exit status."""
    _parse(arguments)
    try:
        settings = runtime_settings.load()
        with lock.hold(settings.home):
            _up(settings)
    except Fault as fault:
        print(f"zhen: {fault}", file=sys.stderr)
        return 1
    return 0


def _up(settings: RuntimeSettings) -> None:
    console = Console()
    supervisor = Supervisor(home=settings.home, console=console)
    console.file = supervisor.log("zhen")
    console.say(f"Zhen {version('zhen')} · {settings.home}")
    supervisor.stop_leftovers()
    _refuse_taken_port(settings)
    runtime_settings.secret_key(settings)  # before two processes could each make one
    with supervisor.stoppable():
        town = _town(settings, console)
    asyncio.run(_run(settings, supervisor, town))


async def _run(settings: RuntimeSettings, supervisor: Supervisor, town: Town) -> None:
    async with supervisor:
        await supervisor.start(*town.servers)
        await _check_remote(settings)
        await supervisor.run(town.prepare)
        logins, _ = await asyncio.gather(
            _logins(supervisor, town.logins, wanted=settings.demo), supervisor.start(*town.faces)
        )
        _welcome(supervisor.console, settings, logins)
        await supervisor.until_told_to_stop()


def _town(settings: RuntimeSettings, console: Console) -> Town:
    """Describe the processes; where the servers are ours, make everything they need."""
    servers = []
    environment = {**os.environ, "ZHEN_HOME": str(settings.home), "PYTHONUNBUFFERED": "1"}
    if settings.database_url is None:
        database = postgres.prepare(settings.home, pg_bin=settings.pg_bin, say=console.say)
        environment["DATABASE_URL"] = database.app_url
        servers.append(_postgres(database))
    if settings.nats_url is None:
        messages = nats.prepare(
            settings.home,
            nats_bin=settings.nats_bin,
            mqtt_host=settings.mqtt_host,
            mqtt_port=settings.mqtt_port,
            sync=settings.nats_sync,
        )
        environment["NATS_URL"], environment["MQTT_URL"] = messages.url, messages.mqtt_url
        servers.append(_nats(messages))
    fire_alarms = gateways.prepare(settings)
    environment.update(fire_alarms.environment)

    def python(name: str, *command: str, ready: probes.Probe | None = None) -> ChildSpec:
        return ChildSpec(name=name, command=command, environment=environment, ready=ready, directory=Path.cwd())

    return Town(
        servers=tuple(servers),
        prepare=python("prepare", *CLI, "prepare"),
        logins=python("logins", *CLI, "demo", "logins"),
        faces=(
            python("web", *CLI, "web", ready=probes.http(_local(settings), settings.port, HEALTH)),
            python("worker", *CLI, "worker"),
            *([python("ingest", *CLI, "ingest")] if _reads_devices(settings) else []),
            python("gateways", *CLI, "gateway", *_gateways(settings), ready=fire_alarms.ready),
            *([python("simulate", *CLI, "simulate")] if settings.demo and settings.simulate else []),
        ),
    )


def _reads_devices(settings: RuntimeSettings) -> bool:
    """With a message server elsewhere, as far as we are told how to reach it."""
    return settings.nats_url is None or settings.mqtt_url is not None


def _gateways(settings: RuntimeSettings) -> tuple[str, ...]:
    """Those of one process. MQTT first: it makes the streams that the other one writes to."""
    elsewhere = settings.nats_url is not None
    knows = settings.mqtt_url and settings.nats_system_url and settings.nats_issuer_file
    return ("gb26875",) if elsewhere and not knows else ("mqtt", "gb26875")


def _postgres(server: postgres.Postgres) -> ChildSpec:
    return ChildSpec(
        name="postgres",
        command=server.command,
        environment=server.environment,
        account=server.account,
        ready=probes.database(server.app_url),
        ready_within=120,  # replaying the journal after a power cut takes time
        before=server.stop_leftovers,
        # Fast shutdown ends sessions and writes a checkpoint; immediate leaves the replay to the next start.
        stop_signals=(signal.SIGINT, signal.SIGQUIT),
        stop_within=2.0,
        needed=True,
    )


def _nats(server: nats.Nats) -> ChildSpec:
    return ChildSpec(
        name="nats",
        command=server.command,
        environment=server.environment,
        ready=probes.http(ports.LOOPBACK, server.monitor_port, "/healthz"),
        silent_for=15,
        stop_within=2.0,
        needed=True,
    )


async def _check_remote(settings: RuntimeSettings) -> None:
    """Servers that are not ours must answer before anything is built on them."""
    if settings.database_url is not None:
        await _answers("DATABASE_URL", "PostgreSQL", probes.database(settings.database_url))
    if settings.nats_url is not None:
        await _answers("NATS_URL", "NATS server", probes.nats(settings.nats_url))


async def _answers(variable: str, what: str, probe: probes.Probe) -> None:
    deadline = asyncio.get_running_loop().time() + _REMOTE_PATIENCE
    while not await probe():
        if asyncio.get_running_loop().time() > deadline:
            raise NoAnswer(variable=variable, what=what, seconds=_REMOTE_PATIENCE)
        await asyncio.sleep(0.5)


async def _logins(supervisor: Supervisor, spec: ChildSpec, *, wanted: bool) -> list[str]:
    """The demo's accounts. They are asked for once: it takes a process of its own, and a warm start
    has none to spare."""
    if not wanted:
        return []
    kept = supervisor.home / f"demo-logins-{version('zhen')}"
    if not kept.exists():
        try:
            lines = await supervisor.run(spec, show=False)
        except ChildFailed as fault:  # the town works without this help
            return [str(fault).splitlines()[0]]
        write_private(kept, "\n".join(lines))
    return kept.read_text(encoding="utf-8").splitlines()


def _welcome(console: Console, settings: RuntimeSettings, logins: list[str]) -> None:
    address = settings.public_url or f"http://{_local(settings)}:{settings.port}"
    console.say()
    for name, path in FACES:
        console.say(f"  {name:<11} {address}{path}")
    if logins:
        console.say()
        for line in logins:
            console.say(f"  {line}")
    console.say()
    console.say(f"ready in {console.seconds():.1f} s · Ctrl-C stops everything")


def _local(settings: RuntimeSettings) -> str:
    """The address under which this machine reaches what listens on `settings.host`."""
    return ports.LOOPBACK if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104


def _refuse_taken_port(settings: RuntimeSettings) -> None:
    if ports.is_free(settings.port, settings.host):
        return
    by = ""
    with contextlib.suppress(psutil.Error, OSError):  # only root may see everybody's
        for connection in psutil.net_connections("tcp"):
            if connection.laddr and connection.laddr.port == settings.port and connection.pid:
                by = f" by `{psutil.Process(connection.pid).name()}` (process {connection.pid})"
                break
    raise PortTaken(port=settings.port, host=settings.host, by=by)


def _parse(arguments: Sequence[str]) -> None:
    settings = "\n".join(f"  {name:<24} {allowed}" for name, allowed in sorted(runtime_settings.variables().items()))
    argparse.ArgumentParser(
        prog="zhen up",
        description="Run the whole town on this machine until Ctrl-C.",
        epilog=f"environment variables:\n{settings}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args(list(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
