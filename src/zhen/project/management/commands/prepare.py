"""`zhen prepare`"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from psycopg.conninfo import make_conninfo

from zhen.kernel.journal.api import guard
from zhen.kernel.ledger.api import prepare as prepare_ledger
from zhen.kernel.packs.api import Packs
from zhen.kernel.rounds.api import lay_checklists
from zhen.kernel.telemetry.api import prepare as prepare_telemetry
from zhen.project.demo.build import ensure
from zhen.runtime import settings as runtime
from zhen.runtime.files import read_state
from zhen.runtime.postgres import SUPERUSER

PREPARE_LOCK = 0x7A68656E  # "zhen"


class Command(BaseCommand):
    help = "Bring the database up to date; build the demo town if it is wanted and nothing is there. Safe to repeat."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        process = runtime.load()
        with _alone():
            self.stdout.write("Bringing the database up to date …")
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
            self._mend_the_journals_clock()
            self._guard_the_journal(process)
            prepare_telemetry()
            prepare_ledger()
            lay_checklists()
            for pack in Packs.loaded:
                if pack.prepare is not None:
                    pack.prepare()
            if process.demo:
                ensure(scale=process.scale, say=self.stdout.write)

    def _guard_the_journal(self, process: runtime.RuntimeSettings) -> None:
        """On the embedded server, whose superuser we know. Elsewhere `zhen audit guard` does it once."""
        state = read_state(process.home / "postgres.json")
        if process.known_database_url == state.get("app_url") and state.get("superuser_password"):
            address = make_conninfo(str(state["app_url"]), user=SUPERUSER, password=str(state["superuser_password"]))
            guard(address)

    def _mend_the_journals_clock(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT journal_mend_clock()")
            moved = cursor.fetchone()[0]
        if moved:
            self.stdout.write(f"The journal comes from another database cluster: its clock is {moved} further now.")


@contextmanager
def _alone() -> Iterator[None]:
    """Several may start at once: one works, the others wait for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARE_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARE_LOCK])
