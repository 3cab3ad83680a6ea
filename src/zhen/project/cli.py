"""`zhen`: commands that need no Django first, then the project's and Django's management commands."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

WITHOUT_DJANGO = {
    "check": "zhen.project.checks.command",
    "gb26875": "zhen.gateways.gb26875.command",
    "messages": "zhen.project.messages.command",
    "ocds": "zhen.gateways.ocds.command",
    "psql": "zhen.runtime.psql",
    "simulate": "zhen.project.demo.simulation.command",
    "up": "zhen.runtime.up",
    "web": "zhen.runtime.web",
}
"""Commands that start without Django: name → the module whose `main` takes the arguments."""


def main() -> None:
    name, arguments = (sys.argv[1] if len(sys.argv) > 1 else "help"), sys.argv[2:]
    if name in WITHOUT_DJANGO:
        run: Callable[[Sequence[str]], int] = import_module(WITHOUT_DJANGO[name]).main
        sys.exit(run(arguments))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhen.project.settings")
    from django.core.management import execute_from_command_line

    from zhen.kernel.lib.problems import DeclarationError
    from zhen.runtime.faults import Fault

    try:
        execute_from_command_line(["zhen", *sys.argv[1:]])
    except (DeclarationError, Fault) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
