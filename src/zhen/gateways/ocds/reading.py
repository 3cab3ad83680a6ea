"""Reading a foreign OCDS package, of whatever quality: nothing in it is trusted, and nothing of it is dropped unsaid.

Source: Open Contracting Data Standard 1.0 and 1.1, release and record packages.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

LARGEST = 64 << 20
MOST_RELEASES = 100_000
MOST_PATHS = 500
MOST_NAMES = 20_000
DEEPEST = 40
LONGEST = 300
VERSIONS = ("1.0", "1.1")
METHODS = ("open", "selective", "limited", "direct")

READ: Mapping[str, frozenset[str]] = {
    "": frozenset({"ocid", "id", "date", "tag", "initiationType", "language", "parties", "buyer", "tender", "awards"})
    | {"contracts", "planning", "relatedProcesses"},
    "tender": frozenset(
        {"id", "title", "description", "status", "value", "procurementMethod", "procurementMethodDetails"}
    )
    | {"numberOfTenderers", "tenderPeriod", "mainProcurementCategory"},
    "awards": frozenset({"id", "title", "status", "date", "value", "suppliers", "description"}),
    "contracts": frozenset({"id", "awardID", "title", "status", "value", "dateSigned", "period", "description"}),
}
"""The fields that the comparison reads; any other is counted as not understood."""
SHOWN_ONLY = frozenset({"parties", "buyer", "planning", "relatedProcesses"})


class Unreadable(ValueError):
    """The file is no OCDS package. Remedy: as the message says."""


@dataclass
class Sums:
    """Amounts by currency, in units of the currency; contracts without one are counted."""

    count: int = 0
    by_currency: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))

    def add(self, value: object) -> bool:
        self.count += 1
        amount, currency = amount_of(value)
        if amount is None:
            return False
        self.by_currency[currency] += amount
        return True


@dataclass
class Report:
    """What a package holds, what was understood of it, and what was not."""

    kind: str
    version: str
    publisher: str
    license: str
    releases: int = 0
    processes: set[str] = field(default_factory=set)
    tags: Counter[str] = field(default_factory=Counter)
    first: str = ""
    last: str = ""
    tenders_by_method: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    contracts: Sums = field(default_factory=Sums)
    awards_by_supplier: dict[str, Sums] = field(default_factory=lambda: defaultdict(Sums))
    not_understood: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def fault(self, text: str) -> None:
        if text in self.faults or len(self.faults) < MOST_PATHS:
            self.faults[text] += 1

    def unknown(self, path: str) -> None:
        if path in self.not_understood or len(self.not_understood) < MOST_PATHS:
            self.not_understood[path[:LONGEST]] += 1


def read(data: bytes) -> Report:
    """Read a release or record package. Raises Unreadable for what is none."""
    if len(data) > LARGEST:
        raise Unreadable(f"the file is larger than {LARGEST >> 20} MB: split it by releases")
    try:
        package = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise Unreadable(f"it is no JSON in UTF-8: {fault}") from fault
    if not isinstance(package, dict):
        raise Unreadable("it is no package: an object with “releases” or “records” is expected")
    kind = next((name for name in ("releases", "records") if isinstance(package.get(name), list)), "")
    if not kind:
        raise Unreadable("it is no package: it has neither “releases” nor “records”")
    publisher = package.get("publisher")
    report = Report(
        kind=kind,
        version=text_of(package.get("version")) or "1.0",
        publisher=text_of(publisher.get("name")) if isinstance(publisher, dict) else "",
        license=text_of(package.get("license")),
    )
    if report.version not in VERSIONS:
        report.fault(f"version {report.version}: 1.0 and 1.1 are known")
    for release in _releases(report, package[kind]):
        _read_release(report, release)
    return report


def _releases(report: Report, rows: list[Any]) -> Iterator[dict[str, Any]]:
    """The releases of a package; of a record its compiled one, or those embedded in it."""
    for row in rows[:MOST_RELEASES]:
        if not isinstance(row, dict):
            report.fault("a release that is no object")
        elif report.kind == "releases":
            yield row
        elif isinstance(row.get("compiledRelease"), dict):
            yield row["compiledRelease"]
        else:
            embedded = row.get("releases")
            given = embedded[:1000] if isinstance(embedded, list) else []
            whole = [one for one in given if isinstance(one, dict) and "ocid" in one]
            if not whole:
                report.fault("a record that only links to its releases")
            yield from whole
    if len(rows) > MOST_RELEASES:
        report.fault(f"only the first {MOST_RELEASES} were read")


def _read_release(report: Report, release: dict[str, Any]) -> None:
    report.releases += 1
    ocid = text_of(release.get("ocid"))
    if ocid:
        if len(report.processes) < MOST_RELEASES:
            report.processes.add(ocid)
    else:
        report.fault("a release without ocid")
    tags = release.get("tag")
    for tag in tags[:20] if isinstance(tags, list) else [tags]:
        if text_of(tag) and (len(report.tags) < 100 or text_of(tag) in report.tags):
            report.tags[text_of(tag)] += 1
    _read_date(report, release.get("date"))
    _unknown(report, "", release)
    tender = release.get("tender")
    if isinstance(tender, dict):
        _read_tender(report, tender)
    for award in _list(report, release, "awards"):
        _read_award(report, award)
    for contract in _list(report, release, "contracts"):
        _unknown(report, "contracts", contract)
        if not report.contracts.add(contract.get("value")):
            report.fault("a contract without a value")


def _read_tender(report: Report, tender: dict[str, Any]) -> None:
    _unknown(report, "tender", tender)
    method = text_of(tender.get("procurementMethod"))
    if method and method not in METHODS:
        report.fault(f"procurementMethod “{method[:40]}” is none of {', '.join(METHODS)}")
    known = method if method in METHODS else "other" if method else "none"
    report.tenders_by_method[known].add(tender.get("value"))


def _read_award(report: Report, award: dict[str, Any]) -> None:
    _unknown(report, "awards", award)
    for supplier in _list(report, award, "suppliers"):
        name = text_of(supplier.get("name")) or text_of(supplier.get("id"))
        if not name:
            report.fault("a supplier without a name")
        elif name in report.awards_by_supplier or len(report.awards_by_supplier) < MOST_NAMES:
            report.awards_by_supplier[name].add(award.get("value"))


def _read_date(report: Report, value: object) -> None:
    text = text_of(value)
    try:
        at = datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        report.fault("a release without a date, or with one that is none")
        return
    report.first = min(report.first or at, at)
    report.last = max(report.last, at)


def _list(report: Report, row: dict[str, Any], name: str) -> list[dict[str, Any]]:
    value = row.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        report.fault(f"{name} that is no list")
        return []
    found = [one for one in value if isinstance(one, dict)]
    if len(found) != len(value):
        report.fault(f"{name} with something that is no object")
    return found


def _unknown(report: Report, where: str, row: dict[str, Any]) -> None:
    for name in row:
        if name not in READ[where]:
            report.unknown(f"{where}/{name}" if where else str(name))


def amount_of(value: object) -> tuple[Decimal | None, str]:
    """An OCDS value; (None, "") where it is none."""
    if not isinstance(value, dict):
        return None, ""
    number = value.get("amount")
    if isinstance(number, bool) or not isinstance(number, int | float | str):
        return None, ""
    try:
        amount = Decimal(str(number)[:40])
    except InvalidOperation:
        return None, ""
    if not amount.is_finite() or abs(amount) > Decimal(10) ** 18:
        return None, ""
    return amount, (text_of(value.get("currency")) or "?")[:10]


def text_of(value: object) -> str:
    return str(value).strip()[:LONGEST] if isinstance(value, str | int) and not isinstance(value, bool) else ""
