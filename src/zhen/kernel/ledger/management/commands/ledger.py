"""`zhen ledger verify`"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from zhen.kernel.ledger.models import Balance, Voucher
from zhen.kernel.ledger.verifying import verify


class Command(BaseCommand):
    help = (
        "Work on the ledger: verify computes every balance, number and quota anew and compares; fails if one differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_subparsers(dest="step", required=True).add_parser("verify", help="compute everything from nothing")

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        with transaction.atomic():
            found = list(verify())
            counts = {"vouchers": Voucher.objects.count(), "balances": Balance.objects.count()}
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(_("The ledger does not hold together."))
        self.stdout.write(_("%(vouchers)s vouchers and %(balances)s balances: all is right.") % counts)
