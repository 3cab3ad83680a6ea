"""`zhen places import FILE`: areas, streets and buildings from GeoJSON or OSM PBF."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.lib.geometry.api import Crs
from zhen.kernel.places.errors import Refused
from zhen.kernel.places.importing.actions import apply
from zhen.kernel.places.importing.preview import preview
from zhen.kernel.places.importing.values import REASONS, Preview, Unreadable

LISTED = 20


class Command(BaseCommand):
    help = "Work on places: import FILE"

    def add_arguments(self, parser: ArgumentParser) -> None:
        commands = parser.add_subparsers(dest="command", required=True)
        command = commands.add_parser("import", help="import places from GeoJSON or OSM PBF")
        command.add_argument("file", type=Path)
        command.add_argument(
            "--crs", type=Crs, choices=list(Crs), default=Crs.WGS84, help="what the file's coordinates are in"
        )
        command.add_argument(
            "--from", dest="valid_from", type=date.fromisoformat, metavar="DAY", help="first day; today if not given"
        )
        command.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
        command.add_argument("--json", action="store_true", help="print the result as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = preview(options["file"], valid_from=options["valid_from"] or clock.today(), crs=options["crs"])
            if not options["dry_run"]:
                apply(Actor.system("zhen places import"), report)
        except (Unreadable, Refused) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            facts = {**report.facts(), "applied": not options["dry_run"]}
            self.stdout.write(
                json.dumps({**facts, "refusals": [str(one) for one in report.refused]}, ensure_ascii=False)
            )
        else:
            self._tell(report, dry=options["dry_run"])

    def _tell(self, report: Preview, *, dry: bool) -> None:
        say = self.stdout.write
        say(_("%(file)s: %(format)s, %(count)s things read") % _facts(report, count=report.read))
        if report.crs is Crs.GCJ02:
            say(_("Coordinates were GCJ-02 and have been converted to WGS-84."))
        else:
            say(_("Coordinates are taken as WGS-84. If they come from a Chinese web map, use --crs gcj02."))
        for kind, count in sorted(report.kinds.items()):
            say(f"  {kind}: {count}")
        if report.repaired:
            say(_("Repaired boundaries: %(count)s") % {"count": len(report.repaired)})
        for reason, count in report.refused_by_reason.most_common():
            say(_("Refused, %(reason)s: %(count)s") % {"reason": REASONS[reason], "count": count})
        for refusal in report.refused[:LISTED]:
            say(f"  {refusal}")
        text = _("Nothing was changed (--dry-run).") if dry else _("%(count)s places created from %(day)s on.")
        say(text % {"count": len(report.accepted), "day": report.valid_from.isoformat()})


def _facts(report: Preview, *, count: int) -> dict[str, object]:
    return {"file": report.file, "format": report.format, "count": count}
