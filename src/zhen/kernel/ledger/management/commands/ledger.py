"""`zhen ledger verify`, `zhen ledger export --beancount BOOK`"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from zhen.kernel.ledger.exporting import beancount
from zhen.kernel.ledger.models import Balance, Book, Voucher
from zhen.kernel.ledger.verifying import verify


class Command(BaseCommand):
    help = (
        "Work on the ledger: verify computes every balance, number and quota anew and compares; fails if one differs. "
        "export writes the books of a unit and year as a Beancount file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("verify", help="compute everything from nothing")
        export = steps.add_parser("export", help="write books for another program")
        export.add_argument("--beancount", required=True, metavar="UNIT:YEAR", help="such as finance:2026")

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        if step == "export":
            self._export(options["beancount"])
        else:
            self._verify()

    def _export(self, wanted: str) -> None:
        unit, _colon, year = wanted.partition(":")
        book = Book.objects.filter(unit__code=unit, year=year if year.isdecimal() else 0).first()
        if book is None:
            known = ", ".join(f"{one.unit.code}:{one.year}" for one in Book.objects.select_related("unit")[:10])
            said = _("There are no books %(wanted)s. Known: %(known)s")
            raise CommandError(said % {"wanted": wanted, "known": known})
        with transaction.atomic():
            for line in beancount(book):
                self.stdout.write(line)

    def _verify(self) -> None:
        with transaction.atomic():
            found = list(verify())
            counts = {"vouchers": Voucher.objects.count(), "balances": Balance.objects.count()}
        for line in found:
            self.stdout.write(line)
        if found:
            raise CommandError(_("The ledger does not hold together."))
        self.stdout.write(_("%(vouchers)s vouchers and %(balances)s balances: all is right.") % counts)
