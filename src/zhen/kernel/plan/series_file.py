"""Files of figures: CSV or XLSX with a period and a value in each row. Pure; every fault names its row.

Columns are found by their heading, in Chinese or English; a period is written 2024, 2024-03, 2024年3月,
2024Q1, 2024年1季度, 2024-01..2024-09 or 2024年1-9月, or as two dates in the columns start and end (both included).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import tables
from zhen.kernel.lib.refusals import Refused, Text

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000

_HEADINGS = {
    "period": ("period", "时间", "时期", "期间", "月份", "年份", "年月", "统计期"),
    "start": ("start", "from", "开始", "开始日期", "起始", "起始日期"),
    "end": ("end", "to", "结束", "结束日期", "截止日期", "截至"),
    "value": ("value", "数值", "值", "金额", "数据"),
    "area": ("area", "区域", "居委", "居委会", "片区", "区域编码"),
}
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_YEAR_AGAIN = _YEAR.replace("year", "year2")
_Months = Callable[[re.Match[str]], tuple[int, int]]
_PERIODS: tuple[tuple[re.Pattern[str], _Months], ...] = (
    (re.compile(rf"{_YEAR}年?"), lambda m: (1, 12)),
    (re.compile(rf"{_YEAR}(?:年?第?|-?[Qq])(?P<q>[1-4一二三四])(?:季度)?"), lambda m: _quarter(m["q"])),
    (re.compile(rf"{_YEAR}(?:[-/.]|年)(?P<month>\d{{1,2}})月?"), lambda m: (int(m["month"]), int(m["month"]))),
    (re.compile(rf"{_YEAR}(?:[-/.]|年)(?P<a>\d{{1,2}})(?:月?[-—~至到]|\.\.{_YEAR_AGAIN}-)(?P<b>\d{{1,2}})月?"),
     lambda m: (int(m["a"]), int(m["b"]))),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Point:
    """One figure; `row` counts the file's rows from 1, the heading included. `end` is not included."""

    row: int
    start: date
    end: date
    value: Decimal
    area: str = ""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What is wrong with a row: the field, what stands there, and what to do."""

    row: int
    field: Text
    value: str
    remedy: Text


@dataclass(frozen=True, kw_only=True)
class Preview:
    points: tuple[Point, ...]
    faults: tuple[Fault, ...]


def read(data: bytes, *, file_name: str) -> Preview:
    """The points and the faults of a file. Raises `Refused` where it is no table of figures at all."""
    rows = tables.read(data, file_name=file_name, most_bytes=MAX_BYTES, most_rows=MAX_ROWS)
    columns, first = _columns(rows, file_name)
    points: list[Point] = []
    faults: list[Fault] = []
    for number, row in enumerate(rows[first:], first + 1):
        if not any(str(cell).strip() for cell in row if cell is not None):
            continue
        found = _point(number, row, columns)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            points.append(found)
    faults.extend(_twice(points))
    if not points and not faults:
        raise _refused(file_name, _("it has no row of figures"), _("Write one period and one value in each row"))
    return Preview(points=tuple(points), faults=tuple(sorted(faults, key=lambda f: f.row)))


def _refused(file_name: str, reason: Text, remedy: Text) -> Refused:
    return Refused(field=_("file"), value=file_name, reason=reason, remedy=remedy)


def _columns(rows: Sequence[Sequence[Any]], file_name: str) -> tuple[dict[str, int], int]:
    """Which column is which, and the first row after the heading. Titles above the heading are stepped over."""
    for index, row in enumerate(rows[:10]):
        names = ["".join(str(cell or "").split()).lower() for cell in row]
        found: dict[str, int] = {}
        for key, words in _HEADINGS.items():
            place = next((i for i, n in enumerate(names) if re.sub(r"[（(].*", "", n) in words), None)
            if place is not None:
                found[key] = place
        if "value" in found and ("period" in found or {"start", "end"} <= set(found)):
            return found, index + 1
    raise _refused(
        file_name,
        _("no heading names a period and a value"),
        _("Name the columns 时间 and 数值, or start, end and value"),
    )


def _point(number: int, row: Sequence[Any], columns: dict[str, int]) -> Point | Fault:
    def cell(name: str) -> Any:
        place = columns.get(name)
        return None if place is None or place >= len(row) else row[place]

    if "period" in columns:
        period = read_period(cell("period"))
        if period is None:
            return Fault(
                row=number,
                field=_("period"),
                value=_shown(cell("period")),
                remedy=_("Write it like 2024, 2024-03, 2024Q1 or 2024年1-9月"),
            )
        start, end = period
    else:
        first, last = _day(cell("start")), _day(cell("end"))
        if first is None or last is None or last < first:
            bad, label = ("start", _("start")) if first is None else ("end", _("end"))
            return Fault(
                row=number, field=label, value=_shown(cell(bad)), remedy=_("Write two dates like 2024-01-31, in order")
            )
        start, end = first, last + timedelta(days=1)
    value = read_value(cell("value"))
    if value is None:
        return Fault(
            row=number, field=_("value"), value=_shown(cell("value")), remedy=_("Write a plain number, such as 1234.5")
        )
    return Point(row=number, start=start, end=end, value=value, area=_shown(cell("area")))


def _twice(points: Iterable[Point]) -> list[Fault]:
    seen: dict[tuple[date, date, str], int] = {}
    faults = []
    for point in points:
        key = point.start, point.end, point.area
        if key in seen:
            faults.append(
                Fault(
                    row=point.row,
                    field=_("period"),
                    value=f"{point.start} — {point.end - timedelta(days=1)}",
                    remedy=_("Keep one of the two rows for this period"),
                )
            )
        seen.setdefault(key, point.row)
    return faults


def read_period(cell: Any) -> tuple[date, date] | None:
    """The first day of a period and the day after its last.

    >>> read_period("2024年1-9月")
    (datetime.date(2024, 1, 1), datetime.date(2024, 10, 1))
    """
    if isinstance(cell, datetime | date):
        return _months(cell.year, cell.month, cell.month)
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "".join(str(cell or "").split())
    for pattern, months in _PERIODS:
        match = pattern.fullmatch(text)
        if match is not None:
            if "year2" in match.groupdict() and match["year2"] not in (None, match["year"]):
                return None
            return _months(int(match["year"]), *months(match))
    return None


def _quarter(written: str) -> tuple[int, int]:
    quarter = "一二三四".find(written) + 1 or int(written)
    return quarter * 3 - 2, quarter * 3


def _months(year: int, first: int, last: int) -> tuple[date, date] | None:
    if not 1 <= first <= last <= 12:
        return None
    return date(year, first, 1), date(year + 1, 1, 1) if last == 12 else date(year, last + 1, 1)


def read_value(cell: Any) -> Decimal | None:
    """A number as people write it: 1,234.5 or 6%; nothing else."""
    if isinstance(cell, bool) or cell is None:
        return None
    text = str(cell).strip().replace(",", "").replace("，", "").removesuffix("%").removesuffix("％")
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value.quantize(Decimal("0.000001")) if value.is_finite() and abs(value) < Decimal(10) ** 13 else None


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    match = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", str(cell or "").strip())
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _shown(cell: Any) -> str:
    return "" if cell is None else str(cell).strip()[:100]
