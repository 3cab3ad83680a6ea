"""Opening balances from a file: shown first, taken over once, and only where both sides balance."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from zhen.kernel.ledger import api as ledger
from zhen.packs.finance.tests.conftest import Cast

pytestmark = pytest.mark.django_db
HEAD = "科目代码,科目名称,借方余额,贷方余额\n"
ROWS = "1601,固定资产,5000.00,\n1602,累计折旧,,1000.00\n3001,累计盈余,,4000.00\n"


def told(cast: Cast, folder: Path, text: str, *words: str) -> None:
    file = folder / "opening.csv"
    file.write_text(HEAD + text, encoding="utf-8")
    call_command("finance", "opening", str(file), "--book", f"{cast.office.code}:2026", *words)


def test_balances_are_shown_first_and_taken_over_once(cast: Cast, tmp_path: Path) -> None:
    told(cast, tmp_path, ROWS)
    assert not ledger.Voucher.objects.exists()
    told(cast, tmp_path, ROWS, "--take-over")
    assert cast.ends() == {"1601": 500_000, "1602": -100_000, "3001": -400_000}
    with pytest.raises(CommandError, match="brought forward already"):
        told(cast, tmp_path, ROWS, "--take-over")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ("1601,,5,\n", "a voucher has between 2"),
        ("1601,,5,\n3001,,,4\n", "differ by this much"),
        ("1601,,x,\n", "it is no amount"),
        ("1601,,5,5\n", "a balance on both sides"),
        ("9999,,5,\n", "there is no such account"),
        ("1011,,5,\n3001,,,5\n", "would no longer hold the same"),
        ("", "it has no balances"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_row(cast: Cast, tmp_path: Path, rows: str, reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        told(cast, tmp_path, rows, "--take-over")
    assert not ledger.Voucher.objects.exists()
