"""The ledger: payments per second with four clients, 64 clients on one line, a trial balance over very many vouchers.

A database of its own in a temporary home, durable as in production (fsync on). A payment is what it is in the town:
a reservation in one transaction, then its settlement with a paired voucher of four lines in another, each with its
event in the journal. Beside it, in the same run, four clients insert the very same rows into tables without triggers:
what is left of that rate is what the ledger's rules cost. Where django-hordak is installed, its vouchers of four legs
are measured against ours (without a reservation) by turns.

    zhen bench ledger [--payments 2000] [--vouchers 1000000]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from zhen.runtime import postgres
from zhen.runtime.settings import variables

CHECKOUT = Path(__file__).resolve().parents[2]


def run(options: Mapping[str, object]) -> dict[str, object]:
    small = bool(options["small"])
    payments = str(options.get("payments") or (40 if small else 2_000))
    vouchers = str(options.get("vouchers") or (2_000 if small else 1_000_000))
    with tempfile.TemporaryDirectory(prefix="zhen-bench-") as folder:
        home = Path(folder)
        home.chmod(0o755)
        with postgres.running(home, may_create_databases=True, say=lambda _line: None) as server:
            ours = {*variables(), "DJANGO_SETTINGS_MODULE"}
            environment = {name: value for name, value in os.environ.items() if name not in ours} | {
                "ZHEN_HOME": str(home),
                "DATABASE_URL": server.app_url,
                "DJANGO_SETTINGS_MODULE": "zhen.project.settings",
                "PYTHONPATH": str(CHECKOUT),
            }
            words = [sys.executable, "-m", "bench.ledger.measuring", payments, vouchers]
            done = subprocess.run(
                words, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE, text=True, encoding="utf-8", check=False
            )
    *told, last = done.stdout.strip().splitlines() or [""]
    print("\n".join(told), flush=True)
    if done.returncode:
        raise SystemExit(f"bench.ledger.measuring ended with {done.returncode}.")
    found: dict[str, object] = json.loads(last)
    return found
