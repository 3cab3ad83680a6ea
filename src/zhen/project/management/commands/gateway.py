"""`zhen gateway NAME…`: protocols at the edge of the town, in a process of their own."""

import asyncio
import signal
from argparse import ArgumentParser
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhen.gateways.gb26875.server import process as gb26875
from zhen.gateways.mqtt import running as mqtt
from zhen.kernel.telemetry.api import Servers
from zhen.runtime import settings as runtime

USUAL_PORT = 26_875

Serving = AbstractAsyncContextManager[asyncio.Task[None]]
"""A gateway that serves for the length of a block; its task ends only with a fault."""


def _mqtt() -> Serving:
    nats_url, mqtt_url, system_url, seed = _given("NATS_URL", "MQTT_URL", "ZHEN_NATS_SYSTEM_URL", "ZHEN_NATS_ISSUER")
    servers = Servers(nats_url=nats_url, mqtt_url=mqtt_url, replicas=settings.ZHEN_NATS_REPLICAS)
    return mqtt.serving(servers, system_url=system_url, seed=seed, lanes=settings.ZHEN_INGEST_LANES)


def _gb26875() -> Serving:
    (nats_url,) = _given("NATS_URL")
    process = runtime.load()
    ports = gb26875.Ports(
        host=process.gb26875_host,
        port=process.gb26875_port or USUAL_PORT,
        health_port=process.gb26875_health_port or 0,
    )
    return gb26875.serving(ports, nats_url.split(","))


def _given(*names: str) -> tuple[str, ...]:
    missing = [name for name in names if not getattr(settings, name)]
    if missing:
        raise CommandError(f"Set {', '.join(missing)} (the issuer by ZHEN_NATS_ISSUER_FILE), or start `zhen up`.")
    return tuple(getattr(settings, name) for name in names)


GATEWAYS: Mapping[str, Callable[[], Serving]] = {"mqtt": _mqtt, "gb26875": _gb26875}


class Command(BaseCommand):
    help = (
        "Run gateways until SIGTERM. mqtt: says to the message server which devices may connect. "
        "gb26875: fire alarm transmission devices (GB/T 26875.3), TCP and UDP."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("names", nargs="+", choices=tuple(GATEWAYS), metavar="NAME", help=", ".join(GATEWAYS))

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(_serve([GATEWAYS[name]() for name in options["names"]]))


async def _serve(gateways: Sequence[Serving]) -> None:
    """Until told to stop. The fault of one ends the process, and whoever keeps it running starts it again."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        work = [await stack.enter_async_context(gateway) for gateway in gateways]
        told = asyncio.create_task(stop.wait())
        await asyncio.wait({told, *work}, return_when=asyncio.FIRST_COMPLETED)
        for task in work:
            if task.done():
                task.result()
