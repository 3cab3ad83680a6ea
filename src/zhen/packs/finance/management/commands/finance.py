"""`zhen finance prove`"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from zhen.kernel.ledger import api as ledger
from zhen.packs.finance.proving import faults


class Command(BaseCommand):
    help = "Work on public money: prove shows for each year's books that its invariants hold; fails if one does not."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_subparsers(dest="step", required=True).add_parser("prove", help="prove the books of every year")

    def handle(self, *args: Any, step: str, **options: Any) -> None:
        wrong = 0
        with transaction.atomic():
            for book in ledger.Book.objects.select_related("unit").order_by("unit", "year"):
                found = list(faults(book))
                wrong += len(found)
                self.stdout.write(f"{book}: {'; '.join(found) or _('all is right')}")
        if wrong:
            raise CommandError(_("Public money does not hold together."))
