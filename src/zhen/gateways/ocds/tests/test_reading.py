"""Foreign packages: a real one, broken ones, and whatever hypothesis thinks of."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhen.gateways.ocds.command import lines, main
from zhen.gateways.ocds.reading import LARGEST, Unreadable, read

REAL = Path(__file__).parent / "data" / "paraguay.json"


def test_a_real_package_is_read_and_says_what_was_not_understood(capsys: pytest.CaptureFixture[str]) -> None:
    report = read(REAL.read_bytes())
    assert (report.kind, report.version, report.publisher) == ("releases", "1.1", "DNCP - Paraguay")
    assert report.contracts.by_currency == {"PYG": Decimal(17875000)}
    assert report.not_understood["contracts/implementation"] == 1
    assert report.not_understood["contracts/dncpContractCode"] == 1
    assert main(["import", str(REAL)]) == 0
    said = capsys.readouterr().out
    assert "PYG 17,875,000.00" in said
    assert "contracts/dncpContractCode: 1" in said


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it is no JSON"),
        (b"\xff\xfe{}", "it is no JSON"),
        (b"[]", "it is no package"),
        (b"{}", "neither"),
        (b'{"releases": {}}', "neither"),
        (b" " * (LARGEST + 1), "larger than 64 MB"),
        (b"[" * 100_000, "it is no JSON"),
    ],
)
def test_what_is_no_package_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read(data)


def test_truncated_bytes_are_refused_and_never_half_read() -> None:
    whole = REAL.read_bytes().rstrip()
    for length in range(0, len(whole), 97):
        with pytest.raises(Unreadable):
            read(whole[:length])


def test_faults_are_counted_and_what_is_right_is_read() -> None:
    package = {
        "version": "1.1",
        "releases": [
            7,
            {"ocid": "a", "date": "2026-01-01T00:00:00Z", "tag": ["award"], "tender": {"procurementMethod": "magic"}},
            {"awards": [{"value": {"amount": "12.50", "currency": "EUR"}, "suppliers": [{"name": "A"}, 3]}, None]},
            {"ocid": "b", "date": "soon", "contracts": {"id": 1}},
            {"ocid": "b", "date": "2026-02-01", "contracts": [{"value": {"amount": "NaN"}}]},
        ],
    }
    report = read(json.dumps(package).encode())
    assert report.releases == 4
    assert report.processes == {"a", "b"}
    assert report.awards_by_supplier["A"].by_currency == {"EUR": Decimal("12.50")}
    assert report.tenders_by_method["other"].count == 1
    for fault in ("a release that is no object", "a release without ocid", "contracts that is no list"):
        assert report.faults[fault] == 1, fault
    assert report.faults["a contract without a value"] == 1


def test_records_are_read_by_their_compiled_release() -> None:
    release = {"ocid": "a", "date": "2026-01-01", "tag": ["compiled"]}
    package = {"records": [{"ocid": "a", "compiledRelease": release}, {"ocid": "b", "releases": [{"url": "x"}]}]}
    report = read(json.dumps(package).encode())
    assert (report.kind, report.releases) == ("records", 1)
    assert report.faults["a record that only links to its releases"] == 1


leaves = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
names = st.sampled_from(["ocid", "tag", "date", "tender", "awards", "contracts", "value", "amount", "suppliers", "x"])
trees = st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5))


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(trees, max_size=6), kind=st.sampled_from(["releases", "records"]), more=trees)
def test_whatever_comes_is_read_or_refused(rows: list[Any], kind: str, more: Any) -> None:
    report = read(json.dumps({kind: rows, "publisher": more, "version": more, "license": more}).encode())
    assert report.releases <= len(rows) or kind == "records"
    assert all(isinstance(line, str) for line in lines(report))
