"""`zhen cases figures`: the figures of cases from the command line."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.figures.booking import rebuild
from zhen.kernel.cases.figures.checking import check_figures

BEGINNING = date(2000, 1, 1)


class Command(BaseCommand):
    help = "Work on cases: figures --check | --rebuild"

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        command = commands.add_parser("figures", help="hold the figures against the journal, or book them anew")
        what = command.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="say what differs and change nothing; fails if it does")
        what.add_argument("--rebuild", action="store_true", help="book everything anew; with --from only what differs")
        command.add_argument(
            "--from", dest="start", type=date.fromisoformat, metavar="DAY", help="only cases with events since"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["rebuild"] and options["start"] is None:
            self.stdout.write(_("Booked anew: %(count)s") % {"count": rebuild()})
            return
        found = check_figures(
            Actor.system("zhen cases figures"), options["start"] or BEGINNING, mend=bool(options["rebuild"])
        )
        self.stdout.write(json.dumps(found.facts(), ensure_ascii=False))
        if options["check"] and not found.right:
            raise CommandError(_("The figures differ from the journal. `zhen cases figures --rebuild` mends them."))
