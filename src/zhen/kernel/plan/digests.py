"""The digest of a frozen report: one canonical form of its lines and records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from zhen.kernel.plan.models import ReportLine, ReportRow

_LINE = (
    "order", "kind", "promise_id", "chapter", "start", "end", "text", "owners", "due_on", "standing", "note",
    "promised", "value", "numerator", "denominator", "unit", "reason", "source", "source_version", "formula",
)  # fmt: skip


def digest(lines: Iterable[tuple[ReportLine, Iterable[tuple[str, Any]]]]) -> str:
    """SHA-256 over all lines and records in their order, in one canonical form."""
    hashed = hashlib.sha256()
    for line, rows in lines:
        hashed.update(_canonical([_plain(getattr(line, name)) for name in _LINE]))
        for part, row in rows:
            hashed.update(_canonical([part, row.model, _id(row), row.label, _plain(row.amount), row.url]))
    return hashed.hexdigest()


def _id(row: Any) -> str:
    return str(row.row_id if isinstance(row, ReportRow) else row.id)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.6f}"
    return value.isoformat() if isinstance(value, date) else value


def _canonical(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"
