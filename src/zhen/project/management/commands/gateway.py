"""`zhen gateway NAME`"""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhen.gateways.gb26875.server.process import Ports
from zhen.gateways.gb26875.server.process import main as gb26875
from zhen.runtime import settings as runtime

USUAL_PORT = 26_875


class Command(BaseCommand):
    help = (
        "Run a protocol's gateway until SIGTERM. gb26875: fire alarm transmission devices (GB/T 26875.3), TCP and UDP."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=("gb26875",))

    def handle(self, *args: Any, **options: Any) -> None:
        process = runtime.load()
        if not settings.NATS_URL:
            raise CommandError("No NATS server is known. Set NATS_URL, or start the town with `zhen up`.")
        gb26875(
            Ports(
                host=process.gb26875_host,
                port=process.gb26875_port or USUAL_PORT,
                health_port=process.gb26875_health_port or 0,
            ),
            settings.NATS_URL.split(","),
        )
