"""`zhen docs`"""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from zhen.project.docs import packs, rights

PAGES: dict[str, Callable[[], Iterator[str]]] = {"packs": packs.lines, "rights": rights.lines}
REFERENCE = Path(__file__).resolve().parents[5] / "docs" / "reference"


class Command(BaseCommand):
    help = "Write the pages of the documentation that follow from the program."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "pages", nargs="*", metavar="PAGE", help=f"{' or '.join(PAGES)}; all of them if none is named"
        )
        parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is not as it would be")

    def handle(self, *args: Any, **options: Any) -> None:
        if not REFERENCE.is_dir():
            raise CommandError("There is no docs/reference; run this in a checkout of the sources.")
        stale = []
        for name in options["pages"] or PAGES:
            if name not in PAGES:
                raise CommandError(f"No page is called {name}; there are {', '.join(PAGES)}.")
            with translation.override("en"):
                text = "\n".join(PAGES[name]()).rstrip() + "\n"
            path = REFERENCE / f"{name}.md"
            if path.exists() and path.read_text(encoding="utf-8") == text:
                continue
            stale.append(path.name)
            if not options["check"]:
                path.write_text(text, encoding="utf-8")
        if options["check"] and stale:
            self.stdout.write(f"docs/reference: {', '.join(stale)} are not current. Run `zhen docs`.")
            sys.exit(1)
        self.stdout.write(f"Written: {', '.join(stale)}." if stale else "All pages are current.")
