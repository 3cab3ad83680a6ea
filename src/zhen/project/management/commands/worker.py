"""`zhen worker`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from zhen.project import worker


class Command(BaseCommand):
    help = "Run jobs and the journal's consumers until SIGTERM. Start as many as the work needs."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--concurrency", type=int, default=4, help="jobs at the same time (default: 4)")
        parser.add_argument("--queue", action="append", default=[], help="only this queue; may be given several times")

    def handle(self, *args: Any, **options: Any) -> None:
        worker.main(concurrency=options["concurrency"], queues=tuple(options["queue"]))
