"""Five thousand payments while payers and database sessions are killed: each is paid once, books balanced."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from zhen.runtime import postgres

from .conftest import environment

CLIENT = Path(__file__).with_name("payments.py")
PAYMENTS, PAYERS, AMOUNT = int(os.environ.get("CHAOS_PAYMENTS", "5000")), 4, 3


class Payer:
    """A process that pays its share, and is started again whenever it was killed."""

    def __init__(self, own: dict[str, str], book: int, first: int, count: int, told: Path) -> None:
        self.own, self.book, self.first, self.count, self.told = own, book, first, count, told
        self.deaths = 0
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        """From a little before what it last told of: some of it is paid already, and must not be paid again."""
        known = self.told.read_text().split()[-1:] if self.told.exists() else []
        at = max(self.first, int(known[0]) - 3) if known else self.first
        words = (sys.executable, str(CLIENT), "pay", str(self.book), str(at), str(self.first + self.count - at))
        self.began = self.size()
        with self.told.open("ab") as out:
            return subprocess.Popen(words, env=self.own, stdout=out)

    def size(self) -> int:
        return self.told.stat().st_size if self.told.exists() else 0

    def pays(self) -> bool:
        """Whether it has paid something since it was started: to kill it before that would only wait for starts."""
        return self.process.poll() is None and self.size() > self.began

    def done(self) -> bool:
        """Whether all of its share is paid; a process that died is started again."""
        code = self.process.poll()
        if code is None:
            return False
        if code == 0:
            return True
        self.deaths += 1
        self.process = self._start()
        return False


@pytest.mark.chaos
def test_each_payment_is_made_once_whatever_is_killed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    chance = random.Random(20)
    with postgres.running(tmp_path, say=lambda _line: None) as server:
        own = environment() | {
            "ZHEN_HOME": str(tmp_path),
            "DATABASE_URL": server.app_url,
            "DJANGO_SETTINGS_MODULE": "zhen.project.settings",
        }
        subprocess.run((sys.executable, "-m", "zhen.project.cli", "migrate", "-v", "0"), env=own, check=True)
        book = int(_told(own, "open"))
        share = PAYMENTS // PAYERS
        payers = [Payer(own, book, number * share, share, tmp_path / f"told{number}") for number in range(PAYERS)]
        cut = 0
        while [payer for payer in payers if not payer.done()]:
            time.sleep(chance.uniform(0.1, 1))
            paying = [payer for payer in payers if payer.pays()]
            if paying and chance.random() < 0.3:
                chance.choice(paying).process.kill()
            elif len(paying) > 1:
                cut += _cut_off(server.app_url)
        found = json.loads(_told(own, "audit", str(book)))
    assert found["paid"] == list(range(share * PAYERS))
    assert (found["spent"], found["reserved"], found["faults"]) == (share * PAYERS * AMOUNT, 0, [])
    deaths = sum(payer.deaths for payer in payers)
    assert deaths + cut > 0, "nothing was killed"
    print(f"{share * PAYERS} payments, {deaths} processes killed, {cut} sessions cut off: each paid once")


def _cut_off(address: str) -> int:
    """End the sessions that are in the middle of something."""
    with psycopg.connect(address) as session:
        row = session.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND usename = current_user AND state <> 'idle'"
        ).fetchone()
    return int(row[0]) if row else 0


def _told(own: dict[str, str], *words: str) -> str:
    done = subprocess.run((sys.executable, str(CLIENT), *words), env=own, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]
