"""`zhen bench NAME`: run one benchmark of the checkout and print its figures as JSON on the last line."""

from __future__ import annotations

import json
import sys
from argparse import REMAINDER, ArgumentParser
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from django.core.management.base import BaseCommand, CommandError

CHECKOUT = Path(__file__).resolve().parents[5]
SHARED_CODE = {"harness", "mqtt_load", "telemetry_limit"}


def names() -> list[str]:
    return sorted(found.name for found in iter_modules([str(CHECKOUT / "bench")]) if found.name not in SHARED_CODE)


def given(words: Sequence[str]) -> dict[str, object]:
    """What stands behind the benchmark's name: `--cases 1000000 --small` → {"cases": "1000000", "small": True}."""
    found: dict[str, object] = {}
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if not word.startswith("--") or word == "--":
            raise CommandError(f"{word}: options begin with --, such as --cases 1000000.")
        name, equals, value = word[2:].partition("=")
        if not equals and waiting and not waiting[0].startswith("--"):
            value, equals = waiting.pop(0), "="
        if name == "option":  # --option KEY=VALUE, which may stand before the benchmark's name, too
            name, equals, value = value.partition("=")
            if not name or not equals:
                raise CommandError("--option: say KEY=VALUE behind it, such as --option cases=1000000.")
        if equals:
            found[name] = value
        else:
            found[name] = True
    return found


class Command(BaseCommand):
    help = "Run a benchmark; its last line is one JSON object."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="which benchmark; without a name they are listed")
        parser.add_argument("rest", nargs=REMAINDER, help="its own options, such as --cases 1000000")
        parser.add_argument("--small", action="store_true", help="a short run, as `make test` uses it")
        parser.add_argument("--option", action="append", default=[], metavar="KEY=VALUE", help="for the benchmark")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (CHECKOUT / "bench" / "harness.py").exists():
            raise CommandError("Benchmarks come with the sources: run this in a checkout of Zhen.")
        name = options["name"]
        if name is None:
            self.stdout.write("\n".join(names()))
            return
        if name != "all" and name not in names():
            raise CommandError(f"There is no benchmark {name}. There are: all, {', '.join(names())}.")
        sys.path.insert(0, str(CHECKOUT))
        chosen: dict[str, object] = {"small": options["small"]}
        chosen.update(pair.split("=", 1) for pair in options["option"])
        chosen.update(given(options["rest"]))
        machine = import_module("bench.harness").machine()
        for each in names() if name == "all" else [name]:
            figures = import_module(f"bench.{each}").run(chosen)
            self.stdout.write(json.dumps({"bench": each, **figures, "machine": machine}, ensure_ascii=False))
