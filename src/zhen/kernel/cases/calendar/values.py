"""A year's notice: which weekdays are free, which days of a weekend are worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core import signing

from zhen.kernel.cases.models import CalendarDay

SALT = "cases.calendar"


@dataclass(frozen=True, kw_only=True)
class YearNotice:
    """`holidays` and `swap_days`: each day with the name of its holiday, which may be empty.

    `approver`: who checked the days, a user of the register; `approved_by` is his name.
    """

    year: int
    holidays: Mapping[date, str]
    swap_days: Mapping[date, str]
    source: str
    approved_by: str
    approver: int | None = None

    @property
    def key(self) -> str:
        """For an address: so a preview can be opened again, and shown to whoever approves it."""
        days = [[f"{day:%Y%m%d}{name}" for day, name in sorted(part.items())] for part in self._parts]
        return signing.dumps([self.year, *days, self.source, self.approved_by, self.approver], salt=SALT, compress=True)

    @classmethod
    def read(cls, key: str) -> YearNotice:
        """Raises signing.BadSignature."""
        year, holidays, swap_days, source, approved_by, approver = signing.loads(key, salt=SALT)
        return cls(
            year=year,
            holidays=dict(map(_day, holidays)),
            swap_days=dict(map(_day, swap_days)),
            source=source,
            approved_by=approved_by,
            approver=approver,
        )

    def rows(self) -> list[CalendarDay]:
        """As rows, not saved."""
        kinds = (CalendarDay.Kind.HOLIDAY, CalendarDay.Kind.SWAP)
        days = [(day, kind, name) for part, kind in zip(self._parts, kinds, strict=True) for day, name in part.items()]
        days.append((date(self.year, 1, 1), CalendarDay.Kind.HORIZON, ""))
        return [
            CalendarDay(day=day, kind=kind, name=name, source=self.source, approved_by=self.approved_by)
            for day, kind, name in sorted(days)
        ]

    @property
    def _parts(self) -> tuple[Mapping[date, str], Mapping[date, str]]:
        return self.holidays, self.swap_days


def _day(text: str) -> tuple[date, str]:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8])), text[8:]
