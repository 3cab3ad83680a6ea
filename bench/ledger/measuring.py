"""What `zhen bench ledger` measures, within its own database: `python -m bench.ledger.measuring PAYMENTS VOUCHERS`."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib.util import find_spec
from threading import Barrier
from time import perf_counter
from uuid import uuid4

import django

if __name__ == "__main__":
    django.setup()

from django.core.management import call_command
from django.db import connection

from bench.harness import figures, percentile, timed
from bench.ledger.client import PAYER, TWINS
from bench.ledger.peer import NAME
from zhen.kernel.identity.api import Unit
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused

CLIENTS = 4
ROUNDS = 3
LINES = 50
RICH = 10**13
AT_ONCE = 64
THOUSAND = 1_000
CHUNK = 1_000
"""Vouchers that one transaction loads: each takes its number from its month's row."""


def books() -> ledger.Book:
    """The books of a unit with fifty lines of budget, and the money of the year."""
    ledger.prepare()
    unit = Unit.objects.create(code="bench", name="Bench")
    book = ledger.open_book(
        PAYER,
        unit,
        clock.today().year,
        chart="finance.government",
        level=ledger.Level.TOWN,
        unit_type=ledger.UnitType.ADMINISTRATION,
    )
    ledger.book_event(
        PAYER,
        book,
        ledger.Business(
            event="finance.quota_arrived",
            on=clock.today(),
            summary="The money of the year",
            source=("bench", 1),
            request=uuid4(),
            amounts={"amount": RICH},
        ),
    )
    for number in range(LINES):
        dimensions = ledger.dimensions(unit=unit, project=f"P{number:02d}", function="2010301", economic="30201")
        ledger.grant(PAYER, book, kind="bench", name=f"Line {number}", amount=RICH // LINES, dimensions=dimensions)
    return book


def twins() -> None:
    with connection.cursor() as cursor:
        for table in TWINS:
            twin = f"bench_{table.partition('_')[2]}"
            cursor.execute(f"CREATE TABLE {twin} (LIKE {table} INCLUDING ALL)")


class Clients:
    """Four processes that do the same at the same time."""

    def __init__(self, *module: str) -> None:
        words = [sys.executable, "-m", *module]
        self.processes = [
            subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(CLIENTS)
        ]
        for process in self.processes:
            if self._line(process) != "ready":
                raise SystemExit("A client did not begin.")

    def __enter__(self) -> Clients:
        return self

    def __exit__(self, *_fault: object) -> None:
        for process in self.processes:
            process.communicate()

    def work(self, kind: str, first: int, each: int) -> tuple[list[float], float]:
        """The seconds of each payment, and payments per second of all."""
        for number, process in enumerate(self.processes):
            assert process.stdin is not None
            process.stdin.write(f"{kind} {first + number * each} {each}\n")
            process.stdin.flush()
        answers = [json.loads(self._line(process)) for process in self.processes]
        seconds = [second for answer in answers for second in answer["seconds"]]
        whole = max(answer["end"] for answer in answers) - min(answer["begin"] for answer in answers)
        return seconds, len(seconds) / whole

    def _line(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()


def race(book: ledger.Book) -> int:
    """64 clients want 30 fen of a line of 1,000, again and again: what they took in all."""
    line = ledger.grant(PAYER, book, kind="race", name="A thousand fen", amount=THOUSAND)
    ready = Barrier(AT_ONCE)

    def take(_number: int) -> int:
        taken = 0
        try:
            ready.wait(60)
            for amount in (30, 7, 1):
                while True:
                    ledger.reserve(PAYER, line, amount, request=uuid4())
                    taken += amount
        except Refused:
            return taken
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        taken = sum(pool.map(take, range(AT_ONCE)))
    while True:  # what is left when the large ones are refused, fen by fen
        try:
            ledger.reserve(PAYER, line, 1, request=uuid4())
        except Refused:
            return taken
        taken += 1


LOAD = """
WITH made AS (
    INSERT INTO ledger_voucher (period_id, number, date, kind, summary, event, source_type, source_id, request,
        made_by_name, checked_by_name, posted_at, transaction)
    SELECT period.id, 0, period.first + n %% 28, 'normal', 'Bench', '', '', '', gen_random_uuid(), 'bench', '', now(), 0
      FROM generate_series(%(first)s, %(last)s) n
      JOIN ledger_period period ON period.book_id = %(book)s AND period.month = 1 + n %% 12
    RETURNING id
)
INSERT INTO ledger_line (voucher_id, position, account_id, dimensions_id, debit, credit)
SELECT made.id, line.position, (%(accounts)s::bigint[])[line.position],
       (%(dimensions)s::bigint[])[1 + made.id %% %(kinds)s],
       CASE WHEN line.position %% 2 = 1 THEN 100 + made.id %% 900 ELSE 0 END,
       CASE WHEN line.position %% 2 = 0 THEN 100 + made.id %% 900 ELSE 0 END
  FROM made, generate_series(1, 4) AS line (position)
"""


def load(book: ledger.Book, vouchers: int) -> float:
    """So many vouchers of four lines, through the ledger's own triggers. Returns the seconds."""
    codes = dict(ledger.Account.objects.filter(chart=book.chart).values_list("code", "pk"))
    dimensions = list(ledger.Dimensions.objects.order_by("pk").values_list("pk", flat=True))
    values = {
        "book": book.pk,
        "accounts": [codes[code] for code in ("5001", "1011", "7101", "8001.01")],
        "dimensions": dimensions,
        "kinds": len(dimensions),
    }
    start = perf_counter()
    with connection.cursor() as cursor:
        for first in range(0, vouchers, CHUNK):
            cursor.execute(LOAD, values | {"first": first, "last": min(first + CHUNK, vouchers) - 1})
        cursor.execute("ANALYZE")
    return perf_counter() - start


def against(ours: list[float], theirs: list[float]) -> dict[str, object]:
    if not theirs:
        return {"skipped": "django-hordak is not installed: pip install django-hordak"}
    middle, their_middle = sorted(ours)[ROUNDS // 2], sorted(theirs)[ROUNDS // 2]
    return {
        "voucher_per_s": round(middle, 1),
        "django_hordak_voucher_per_s": round(their_middle, 1),
        "ratio_to_django_hordak": round(middle / their_middle, 2),
    }


def peer_prepared() -> bool:
    """Whether django-hordak is installed; then its database is there."""
    if find_spec("hordak") is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {NAME}")
    subprocess.run((sys.executable, "-m", "bench.ledger.peer", "prepare"), check=True)
    return True


def main(payments: int, vouchers: int) -> None:
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    book = books()
    twins()
    each = -(-payments // CLIENTS // ROUNDS)
    paid: list[float] = []
    rates: list[float] = []
    bare: list[float] = []
    vouchers_made: list[float] = []
    theirs: list[float] = []
    with ExitStack() as stack:
        clients = stack.enter_context(Clients("bench.ledger.client", str(book.pk)))
        peer = stack.enter_context(Clients("bench.ledger.peer")) if peer_prepared() else None
        clients.work("pay", 1, 10)
        clients.work("bare", 1, 10)
        for turn in range(ROUNDS):  # by turns, so that a busy moment of the machine touches both
            first = 1_000 + turn * CLIENTS * each
            seconds, rate = clients.work("pay", first, each)
            paid += seconds
            rates.append(rate)
            bare.append(clients.work("bare", first, each)[1])
            print(f"{rate:.0f} payments a second, {bare[-1]:.0f} bare", flush=True)
        for turn in range(ROUNDS if peer else 0):
            first = 1_000_000 + turn * CLIENTS * each
            vouchers_made.append(clients.work("voucher", first, each)[1])
            theirs.append(peer.work("voucher", first, each)[1] if peer else 0)
            print(f"{vouchers_made[-1]:.0f} vouchers a second, {theirs[-1]:.0f} by django-hordak", flush=True)
    taken = race(book)
    print(f"{AT_ONCE} clients took {taken} of {THOUSAND} fen", flush=True)
    loading = load(book, vouchers)
    print(f"{vouchers} vouchers loaded in {loading:.0f} s", flush=True)
    start = perf_counter()
    faults = list(ledger.verify())
    verifying = perf_counter() - start
    balance = timed(lambda: ledger.trial_balance(PAYER, book), runs=200 if vouchers > CHUNK * 10 else 20)
    found = {
        "payment_per_s": round(sorted(rates)[ROUNDS // 2], 1),
        "payment_p50_ms": round(percentile(paid, 0.50) * 1000, 3),
        "payment_p99_ms": round(percentile(paid, 0.99) * 1000, 3),
        "bare_per_s": round(sorted(bare)[ROUNDS // 2], 1),
        "ratio_payment_to_bare": round(sorted(rates)[ROUNDS // 2] / sorted(bare)[ROUNDS // 2], 3),
        "taken_of_1000_fen": taken,
        "vouchers": ledger.Voucher.objects.count(),
        "load_voucher_per_s": round(vouchers / loading, 1),
        "verify_s": round(verifying, 1),
        "faults": len(faults),
        **figures("trial_balance", balance),
        **against(vouchers_made, theirs),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
