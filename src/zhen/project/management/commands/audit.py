"""`zhen audit`"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError

from zhen.kernel.journal.api import NoProof, Report, Seal, check_proof, guard, prove, seal_all, statement, verify
from zhen.kernel.lib import clock


class Command(BaseCommand):
    help = "Check the journal against its seals, and prove to others what it holds. See docs/howto/audit.md."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        does = parser.add_subparsers(dest="does", required=True, parser_class=ArgumentParser)
        check = does.add_parser("verify", help="name every row and seal that was changed, is missing or was put in")
        check.add_argument("--from", dest="first", type=seal_or_day, default=1, help="a seal's number, or a day")
        check.add_argument("--to", dest="last", type=seal_or_day, default=None, help="a seal's number, or a day")
        check.add_argument("--anchor", type=Path, help="seal heads kept outside, as `zhen audit head` printed them")
        head = does.add_parser("head", help="print the newest seal, to be kept outside")
        head.add_argument("--all", action="store_true", help="every seal, one a line")
        does.add_parser("seal", help="seal now what is not sealed yet")
        proof = does.add_parser("prove", help="print a proof that an event is in the journal as it stands")
        proof.add_argument("event", type=int)
        check_one = does.add_parser("check", help="check a proof; needs no database")
        check_one.add_argument("proof", type=Path)
        check_one.add_argument("--anchor", type=Path, help="seal heads kept outside")
        keep = does.add_parser("guard", help="take from the application's role the power to switch the triggers off")
        keep.add_argument("--as", dest="url", required=True, help="the database's address for a superuser")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"_{options['does']}")(**options)

    def _verify(self, *, first: int | date, last: int | date | None, anchor: Path | None, **_: Any) -> None:
        report = Report()
        problems = 0
        anchors = read_anchors(anchor) if anchor else None
        for problem in verify(report, first=first_seal(first), last=last_seal(last), anchors=anchors):
            self.stdout.write(str(problem))
            problems += 1
        self.stdout.write(
            f"{report.seals} seals over {report.events} events checked, {report.unsealed} newer events not sealed yet: "
            + (f"{problems} faults." if problems else "no fault.")
        )
        if problems:
            sys.exit(1)

    def _head(self, *, all: bool, **_: Any) -> None:
        seals = Seal.objects.defer("leaves").order_by("number")
        for seal in seals.iterator() if all else [seals.last()]:
            if seal is None:
                raise CommandError("Nothing is sealed yet; the worker seals every minute, `zhen audit seal` at once.")
            self.stdout.write(json.dumps({**statement(seal), "hash": bytes(seal.hash).hex()}))

    def _seal(self, **_: Any) -> None:
        seal_all()
        self._head(all=False)

    def _guard(self, *, url: str, **_: Any) -> None:
        try:
            guard(url)
        except psycopg.Error as error:
            raise CommandError(f"The guard is not installed: {str(error).strip()}") from error
        self.stdout.write("The journal's triggers can now be switched off by superusers only.")

    def _prove(self, *, event: int, **_: Any) -> None:
        try:
            self.stdout.write(json.dumps(prove(event), ensure_ascii=False, indent=2))
        except NoProof as reason:
            raise CommandError(str(reason)) from reason

    def _check(self, *, proof: Path, anchor: Path | None, **_: Any) -> None:
        try:
            held = json.loads(proof.read_text(encoding="utf-8"))
            fault = check_proof(held, read_anchors(anchor) if anchor else None)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{proof} is no proof: {error}") from error
        if fault:
            raise CommandError(f"The proof does not hold: {fault}.")
        self.stdout.write(
            "The proof holds" + ("." if anchor else ", if its seal does: compare it with one kept outside.")
        )


def seal_or_day(text: str) -> int | date:
    try:
        return int(text) if text.isdecimal() else date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text} is neither a seal's number nor a day such as 2020-06-30") from None


def midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), clock.TOWN_ZONE)


def first_seal(first: int | date) -> int:
    if isinstance(first, int):
        return first
    found = Seal.objects.filter(sealed_at__gte=midnight(first)).order_by("number").values_list("number", flat=True)
    return found.first() or 1


def last_seal(last: int | date | None) -> int | None:
    if not isinstance(last, date):
        return last
    found = Seal.objects.filter(sealed_at__lt=midnight(last + timedelta(days=1))).order_by("number")
    return found.values_list("number", flat=True).last() or 0


def read_anchors(path: Path) -> dict[int, str]:
    try:
        heads = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        return {int(head["number"]): str(head["hash"]) for head in heads}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} holds no seal heads, one JSON object a line: {error}") from error
