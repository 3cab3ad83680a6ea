"""`zhen ingest`"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhen.kernel.telemetry.ingest.running import run
from zhen.kernel.telemetry.ingest.streams import Servers


class Command(BaseCommand):
    help = "Write what devices measure until SIGTERM. Start as many as the readings need: each takes lanes of its own."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--lanes",
            type=int,
            default=settings.ZHEN_INGEST_LANES,
            help="how many shares devices are divided into, the same for all processes (default: ZHEN_INGEST_LANES)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.NATS_URL or not settings.MQTT_URL:
            raise CommandError("No message server is known: set NATS_URL and MQTT_URL, or start `zhen up`.")
        servers = Servers(nats_url=settings.NATS_URL, mqtt_url=settings.MQTT_URL, replicas=settings.ZHEN_NATS_REPLICAS)
        run(servers, lanes=options["lanes"])
