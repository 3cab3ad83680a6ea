"""`zhen ocds import FILE`: read a foreign package for comparison, and say what was not understood.

It needs neither database nor servers, and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from zhen.gateways.ocds.reading import LARGEST, Report, Sums, Unreadable, read

SHOWN = 20


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="zhen ocds", description="Open Contracting Data Standard 1.0 and 1.1.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    reading = commands.add_parser("import", help="read a foreign release or record package and compare it")
    reading.add_argument("file", type=Path, help="a package as JSON")
    given = parser.parse_args(arguments)
    try:
        with given.file.open("rb") as source:
            report = read(source.read(LARGEST + 1))
    except (OSError, Unreadable) as fault:
        print(f"zhen: {given.file}: {fault}", file=sys.stderr)
        return 1
    print("\n".join(lines(report)))
    return 0


def lines(report: Report) -> Iterator[str]:
    """The report as people read it."""
    yield f"{report.kind} of {report.publisher or 'an unnamed publisher'}, OCDS {report.version}"
    yield f"license: {report.license or 'none named'}"
    yield f"{report.releases} releases of {len(report.processes)} processes, {report.first} to {report.last}"
    yield "tags: " + (", ".join(f"{tag} {count}" for tag, count in report.tags.most_common(SHOWN)) or "none")
    yield ""
    yield "tenders by method"
    for method, sums in sorted(report.tenders_by_method.items()):
        yield f"  {method:<10} {told(sums)}"
    yield f"contracts    {told(report.contracts)}"
    yield ""
    yield "awards by supplier"
    ranked = sorted(report.awards_by_supplier.items(), key=lambda one: (-one[1].count, one[0]))
    for name, sums in ranked[:SHOWN]:
        yield f"  {name}: {told(sums)}"
    if len(ranked) > SHOWN:
        yield f"  and {len(ranked) - SHOWN} more"
    yield ""
    yield "not understood (path, times)"
    for path, count in report.not_understood.most_common(SHOWN * 5):
        yield f"  {path}: {count}"
    yield "wrong in itself (what, times)"
    for text, count in report.faults.most_common(SHOWN * 5):
        yield f"  {text}: {count}"


def told(sums: Sums) -> str:
    amounts = ", ".join(f"{currency} {amount:,.2f}" for currency, amount in sorted(sums.by_currency.items()))
    return f"{sums.count} ({amounts or 'no value'})"
