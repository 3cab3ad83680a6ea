"""Vouchers by django-hordak, in a database of its own on the same server: `python -m bench.ledger.peer [prepare]`.

As its documentation does it: a transaction with its legs, each saved, in one database transaction; the database checks
at its end that they come to zero. As a client it speaks as bench.ledger.client does.
"""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

NAME = "bench_peer"
ACCOUNTS = ("5001", "1011", "7101", "8001")


def configure() -> None:
    """Raises ImportError where django-hordak is not installed."""
    import hordak  # noqa: F401

    url = urlsplit(os.environ["DATABASE_URL"])
    database: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": NAME,
        "USER": url.username,
        "PASSWORD": url.password,
        "HOST": url.hostname,
        "PORT": url.port,
    }
    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "mptt", "hordak"],
        DATABASES={"default": database},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        DEFAULT_CURRENCY="CNY",
        CURRENCIES=["CNY"],
        HORDAK_INTERNAL_CURRENCY="CNY",
        SECRET_KEY="bench",
    )
    django.setup()


def prepare() -> None:
    from django.core.management import call_command
    from hordak.models import Account

    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    for code in ACCOUNTS:
        Account.objects.create(name=code, code=code, type="AS", currencies=["CNY"])


def clients_work() -> None:
    from django.db import transaction
    from djmoney.money import Money
    from hordak.models import Account, Leg, Transaction

    from bench.ledger.serving import serve

    accounts = [Account.objects.get(code=code) for code in ACCOUNTS]

    def voucher(number: int) -> None:
        amount = Money((100 + number % 900) / 100, "CNY")
        with transaction.atomic():
            made = Transaction.objects.create(description="Paper for the printer")
            for position, account in enumerate(accounts, 1):
                sides = {"debit": amount} if position % 2 else {"credit": amount}
                Leg.objects.create(transaction=made, account=account, **sides)

    serve({"voucher": voucher})


if __name__ == "__main__":
    configure()
    prepare() if sys.argv[1:] == ["prepare"] else clients_work()
