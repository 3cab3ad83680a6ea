"""`zhen plan`: scoring works without a database; faults are one clear line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from zhen.kernel.plan.testing import TEXT, a_plan, confirmed

GOLD = {"num_start": 0, "num_end": 0, "comparator": "=", "value": 6, "unit": "%", "start": 0, "end": 0}


def gold_for(text: str, number: str, **changes: object) -> str:
    at = text.index(number)
    return json.dumps(
        GOLD | {"start": at, "end": at + len(number), "num_start": at, "num_end": at + len(number)} | changes
    )


def test_eval_scores_without_a_database(tmp_path: Path) -> None:
    document, gold = tmp_path / "plan.txt", tmp_path / "gold.jsonl"
    document.write_text(TEXT, encoding="utf-8")
    lines = [gold_for(TEXT, "6%"), gold_for(TEXT, "7个", value=7, unit="个"), gold_for(TEXT, "2个", value=2, unit="个")]
    gold.write_text("\n".join(lines), encoding="utf-8")
    env = os.environ | {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "ZHEN_HOME": str(tmp_path / "home")}
    run = subprocess.run(
        [sys.executable, "-m", "zhen.project.cli", "plan", "eval", "--doc", str(document), "--gold", str(gold),
         "--region", f"0:{len(TEXT)}"],
        env=env, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    scores = json.loads(run.stdout.splitlines()[-1])
    assert (scores["precision"], scores["recall"], scores["f1"]) == (1.0, 1.0, 1.0)


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "plan.pdf"
    broken.write_bytes(b"%PDF-1.7 broken")
    with pytest.raises(CommandError, match="the PDF is damaged"):
        call_command("plan", "import", str(broken))
    with pytest.raises(CommandError, match="No such file"):
        call_command("plan", "import", str(tmp_path / "missing.txt"))
    with pytest.raises(CommandError, match="There is no plan 99"):
        call_command("plan", "report", "99")


@pytest.mark.django_db
def test_a_report_is_frozen_and_written(tmp_path: Path) -> None:
    document = confirmed(a_plan())
    told, file = StringIO(), tmp_path / "report.docx"
    call_command("plan", "report", str(document.pk), "--docx", str(file), "--on", "2024-05-01", stdout=told)
    assert "SHA-256" in told.getvalue()
    assert file.read_bytes().startswith(b"PK")
