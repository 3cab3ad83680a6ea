"""Days and months of fire files. Pure."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def months_later(day: date, months: int) -> date:
    """So many months on; the last day of a month that has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_of(text: str) -> date | None:
    """The first day of a month written as 2026-09; None where it is none."""
    try:
        year, month = text.split("-")
        return date(int(year), int(month), 1) if len(year) == 4 else None
    except ValueError:
        return None
