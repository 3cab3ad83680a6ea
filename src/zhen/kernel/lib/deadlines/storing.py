"""Pauses as they are kept in a row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from zhen.kernel.lib.deadlines.values import Pauses


def to_json(pauses: Pauses) -> list[list[str | None]]:
    return [[_text(paused), None if resumed is None else _text(resumed)] for paused, resumed in pauses]


def from_json(value: Sequence[Sequence[str | None]]) -> Pauses:
    """Raises ValueError for what `to_json` did not make."""
    return tuple(_pause(*pair) for pair in value)


def _pause(paused: str | None = None, resumed: str | None = None) -> tuple[datetime, datetime | None]:
    if paused is None:
        raise ValueError("a pause without a beginning")
    return datetime.fromisoformat(paused), None if resumed is None else datetime.fromisoformat(resumed)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
