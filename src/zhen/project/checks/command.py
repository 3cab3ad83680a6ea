"""The command `zhen check`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence

import django
from django.conf import settings

from zhen.kernel.lib.problems import DeclarationError, Problem
from zhen.project.checks.imports import import_problems
from zhen.project.checks.packs import all_apps, pack_folders
from zhen.project.messages.checks import problems_of


def main(arguments: Sequence[str]) -> int:
    argparse.ArgumentParser(
        prog="zhen check", description="Find what is wrong with the town's program. Each fault is one line."
    ).parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhen.project.settings")
    problems = [*_of_the_sources(), *_of_the_declarations()]
    for problem in sorted(set(problems)):
        print(problem)
    if not problems:
        print(f"No fault found ({len(settings.ZHEN_PACKS)} packs).", file=sys.stderr)
    return 1 if problems else 0


def _of_the_sources() -> Iterator[Problem]:
    yield from import_problems(pack_folders())
    yield from problems_of(all_apps())


def _of_the_declarations() -> Iterator[Problem]:
    try:
        django.setup()
    except DeclarationError as error:
        yield from error.problems
        return
    from zhen.project.checks import declarations, models, system

    yield from declarations.text_problems()
    yield from declarations.documentation_problems(pack_folders())
    yield from models.access_problems(settings.ZHEN_PACKS)
    yield from models.relation_problems(settings.ZHEN_PACKS)
    yield from models.migration_problems()
    yield from system.problems()
