"""`zhen gateway mqtt`"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhen.gateways.mqtt import running as mqtt
from zhen.kernel.telemetry.api import Servers

NEEDED = ("NATS_URL", "MQTT_URL", "ZHEN_NATS_SYSTEM_URL", "ZHEN_NATS_ISSUER")


class Command(BaseCommand):
    help = "Run a gateway until SIGTERM. mqtt: says to the message server which devices may connect."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=("mqtt",))

    def handle(self, *args: Any, **options: Any) -> None:
        missing = [name for name in NEEDED if not getattr(settings, name)]
        if missing:
            raise CommandError(f"Set {', '.join(missing)} (the issuer by ZHEN_NATS_ISSUER_FILE), or start `zhen up`.")
        servers = Servers(nats_url=settings.NATS_URL, mqtt_url=settings.MQTT_URL, replicas=settings.ZHEN_NATS_REPLICAS)
        mqtt.run(
            servers,
            system_url=settings.ZHEN_NATS_SYSTEM_URL,
            seed=settings.ZHEN_NATS_ISSUER,
            lanes=settings.ZHEN_INGEST_LANES,
        )
