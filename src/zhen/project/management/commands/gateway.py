"""`zhen gateway NAME`: a protocol at the edge of the town, as a process of its own."""

from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhen.gateways.gb26875.server.process import Ports
from zhen.gateways.gb26875.server.process import main as gb26875
from zhen.gateways.mqtt import running as mqtt
from zhen.kernel.telemetry.api import Servers
from zhen.runtime import settings as runtime

USUAL_PORT = 26_875


def _mqtt() -> None:
    nats_url, mqtt_url, system_url, seed = _given("NATS_URL", "MQTT_URL", "ZHEN_NATS_SYSTEM_URL", "ZHEN_NATS_ISSUER")
    servers = Servers(nats_url=nats_url, mqtt_url=mqtt_url, replicas=settings.ZHEN_NATS_REPLICAS)
    mqtt.run(servers, system_url=system_url, seed=seed, lanes=settings.ZHEN_INGEST_LANES)


def _gb26875() -> None:
    (nats_url,) = _given("NATS_URL")
    process = runtime.load()
    ports = Ports(
        host=process.gb26875_host,
        port=process.gb26875_port or USUAL_PORT,
        health_port=process.gb26875_health_port or 0,
    )
    gb26875(ports, nats_url.split(","))


def _given(*names: str) -> tuple[str, ...]:
    missing = [name for name in names if not getattr(settings, name)]
    if missing:
        raise CommandError(f"Set {', '.join(missing)} (the issuer by ZHEN_NATS_ISSUER_FILE), or start `zhen up`.")
    return tuple(getattr(settings, name) for name in names)


GATEWAYS: Mapping[str, Callable[[], None]] = {"mqtt": _mqtt, "gb26875": _gb26875}


class Command(BaseCommand):
    help = (
        "Run a gateway until SIGTERM. mqtt: says to the message server which devices may connect. "
        "gb26875: fire alarm transmission devices (GB/T 26875.3), TCP and UDP."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=tuple(GATEWAYS))

    def handle(self, *args: Any, **options: Any) -> None:
        GATEWAYS[options["name"]]()
