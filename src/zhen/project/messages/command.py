"""The command `zhen messages`. It needs neither settings nor a database."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from zhen.project.messages import catalogue
from zhen.project.messages.apps import App, apps_of
from zhen.project.messages.checks import problems_of
from zhen.project.messages.extract import Key, Unreadable, messages_of


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhen messages", description="Write, check and compile the translations.")
    parser.add_argument("apps", nargs="*", metavar="APP", help="such as journal or web; all of them if none is named")
    parser.add_argument("--write", action="store_true", help="bring the catalogues up to date with the sources")
    parser.add_argument("--check", action="store_true", help="list every missing or faulty translation (the default)")
    parser.add_argument("--compile", action="store_true", help="compile the catalogues to the form that is loaded")
    options = parser.parse_args(arguments)
    known = apps_of()
    unknown = sorted(set(options.apps) - {app.name for app in known})
    if unknown:
        parser.error(f"no app is called {', '.join(unknown)}; there are {', '.join(app.name for app in known)}")
    chosen = tuple(app for app in known if not options.apps or app.name in options.apps)
    try:
        if options.write:
            write(chosen, known)
        if options.compile:
            compile_all(chosen)
        if options.check or not (options.write or options.compile):
            return check(chosen)
    except Unreadable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def write(chosen: Sequence[App], known: Sequence[App]) -> None:
    """Add new messages, drop unused ones. What another app has translated is taken from there."""
    elsewhere: dict[Key, str] = {}
    for app in known:
        elsewhere.update({k: v for k, v in catalogue.translations(catalogue.read(app.catalogue)).items() if v})
    for app in chosen:
        messages = messages_of(app.folder)
        if not messages and not app.catalogue.exists():
            continue
        own = {k: v for k, v in catalogue.translations(catalogue.read(app.catalogue)).items() if v}
        catalogue.write(app.catalogue, messages, {**elsewhere, **own})
        empty = sum(1 for key in messages if not own.get(key) and not elsewhere.get(key))
        print(f"{app.name}: {len(messages)} messages, {empty} to translate")


def compile_all(chosen: Sequence[App]) -> None:
    changed = [
        app.name
        for app in chosen
        if app.catalogue.exists() and catalogue.compile_to(app.compiled, catalogue.read(app.catalogue))
    ]
    print(f"Compiled the translations of {', '.join(changed)}." if changed else "The translations are up to date.")


def check(chosen: Sequence[App]) -> int:
    problems = sorted(problems_of(chosen))
    for problem in problems:
        print(problem)
    return 1 if problems else 0
