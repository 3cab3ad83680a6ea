"""`zhen finance prove`, `zhen finance opening`"""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib.numbers import Money
from zhen.kernel.lib.refusals import Refused
from zhen.packs.finance.actions import opening
from zhen.packs.finance.proving import faults


class Command(BaseCommand):
    help = (
        "Work on public money: prove shows for each year's books that its invariants hold, and fails if one does not. "
        "opening reads the balances that books begin with, shows them, and takes them over when it is told to."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True)
        steps.add_parser("prove", help="prove the books of every year")
        begin = steps.add_parser("opening", help="read opening balances: CSV or XLSX with 科目代码, 借方余额, 贷方余额")
        begin.add_argument("file", type=Path)
        begin.add_argument("--book", required=True, metavar="UNIT:YEAR", help="such as finance:2026")
        begin.add_argument("--take-over", action="store_true", help="write them; without it they are only shown")

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        if step == "prove":
            self._prove()
        else:
            self._open(options["file"], options["book"], take_over=options["take_over"])

    def _prove(self) -> None:
        wrong = 0
        with transaction.atomic():
            for book in ledger.Book.objects.select_related("unit").order_by("unit", "year"):
                found = list(faults(book))
                wrong += len(found)
                told = "; ".join(found) or _("all is right")
                self.stdout.write(f"{book}: {told}")
        if wrong:
            raise CommandError(_("Public money does not hold together."))

    def _open(self, file: Path, wanted: str, *, take_over: bool) -> None:
        unit, _colon, year = wanted.partition(":")
        book = ledger.Book.objects.filter(unit__code=unit, year=year if year.isdecimal() else 0).first()
        if book is None:
            raise CommandError(_("There are no books %(wanted)s.") % {"wanted": wanted})
        try:
            entries = opening.read(book, file.read_bytes(), file.name)
            names = dict(ledger.Account.objects.filter(chart=book.chart).values_list("code", "name"))
            for entry in entries:
                amounts = f"{Money(entry.debit)!s:>20} {Money(entry.credit)!s:>20}"
                self.stdout.write(f"{entry.account:<10} {amounts}  {names[entry.account]}")
            if take_over:
                self.stdout.write(str(opening.take_over(Actor.system("opening"), book, entries)))
            else:
                self.stdout.write(
                    _("%(count)s balances. Nothing is written yet: --take-over does.") % {"count": len(entries)}
                )
        except Refused as refused:
            raise CommandError(str(refused)) from refused
