"""`zhen files verify | sweep`: rows and contents in agreement."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from zhen.kernel.files.models import File
from zhen.kernel.files.tidying import faults, mend, sweep


class Command(BaseCommand):
    help = "Keep the rows of files and their contents in agreement."

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        verify = commands.add_parser("verify", help="list contents that rows name and the storage lacks")
        verify.add_argument("--read", action="store_true", help="read every content and compare its SHA-256 as well")
        verify.add_argument("--mend", action="store_true", help="make lost thumbnails again")
        commands.add_parser("sweep", help="delete contents older than a day that no row names")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["command"] == "sweep":
            self.stdout.write(_("%(count)s contents deleted.") % {"count": sweep()})
            return
        count = 0
        for fault in faults(read=options["read"]):
            if options["mend"] and mend(fault):
                self.stdout.write(_("%(name)s: made again") % {"name": fault.name})
                continue
            count += 1
            text = _("%(name)s: missing") if fault.missing else _("%(name)s: its content has changed")
            self.stdout.write(text % {"name": fault.name})
        if count:
            raise CommandError(
                _("%(count)s faults. Bring the contents back from a backup; --mend makes thumbnails again.")
                % {"count": count}
            )
        self.stdout.write(_("%(count)s files, no fault.") % {"count": File.objects.count()})
