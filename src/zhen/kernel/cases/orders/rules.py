"""Reading a file of work orders. Pure; every fault names its row, its field and what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.orders.values import ANSWER_DAYS, Order
from zhen.kernel.lib import clock, tables
from zhen.kernel.lib.refusals import Refused, Text

MOST_ROWS = 2_000
HEADINGS: dict[str, tuple[str, ...]] = {
    "ref": ("ref", "工单编号", "工单号", "编号", "诉求编号"),
    "title": ("title", "标题", "诉求标题", "工单标题"),
    "text": ("text", "内容", "诉求内容", "反映内容", "工单内容"),
    "answer_days": ("answer_days", "答复期限", "办理期限", "时限", "答复时限"),
    "class_code": ("class_code", "类别编码", "类别代码"),
    "area_code": ("area_code", "网格编码", "区域编码", "居委编码"),
    "address": ("address", "地址", "诉求地址", "发生地址"),
    "lon": ("lon", "经度"),
    "lat": ("lat", "纬度"),
    "name": ("name", "姓名", "来电人", "联系人"),
    "phone": ("phone", "电话", "联系电话", "来电号码"),
    "urgent": ("urgent", "紧急", "是否紧急"),
    "received_at": ("received_at", "受理时间", "来电时间", "接收时间"),
}
LABELS: dict[str, Text] = {
    "ref": _("number of the order"),
    "title": _("title"),
    "text": _("description"),
    "answer_days": _("answer within"),
    "class_code": _("code of the class"),
    "area_code": _("code of the area"),
    "address": _("address"),
    "lon": _("longitude"),
    "lat": _("latitude"),
    "name": _("name"),
    "phone": _("phone"),
    "urgent": _("urgent"),
    "received_at": _("received at"),
}
YES = frozenset({"1", "是", "y", "yes", "true", "紧急"})
NO = frozenset({"", "0", "否", "n", "no", "false", "一般"})
MOMENT = re.compile(
    r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})[-/.月](?P<day>\d{1,2})日?"
    r"(?:[ T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?",
    re.ASCII,
)
PHONE = re.compile(r"[0-9+()（） -]{3,30}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A row that was refused: which field, and why. What stood in personal fields is not repeated."""

    row: int
    field: Text
    reason: Text
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    row: int
    order: Order


@dataclass(frozen=True, kw_only=True)
class Sheet:
    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


class _Wrong(Exception):
    def __init__(self, field: str, reason: Text) -> None:
        self.field, self.reason = field, reason


def read(data: bytes, *, file_name: str, classes: frozenset[str], areas: frozenset[str], now: datetime) -> Sheet:
    """The orders of a file, and the rows that are none. Raises `Refused` where it is no table of orders."""
    rows = tables.read(data, file_name=file_name, most_rows=MOST_ROWS + 10)
    columns, first = _columns(rows, file_name)
    lines: list[Line] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for number, row in enumerate(rows[first:], first + 1):
        cells = {name: row[place] for name, place in columns.items() if place < len(row)}
        if all(_text(cell) == "" for cell in cells.values()):
            continue
        ref = _text(cells.get("ref"))
        try:
            order = _order(cells, classes, areas, now)
            if order.ref in seen:
                raise _Wrong("ref", _("it stands in the file twice"))
        except _Wrong as wrong:
            faults.append(Fault(row=number, field=LABELS[wrong.field], reason=wrong.reason, ref=ref[:100]))
            continue
        seen.add(order.ref)
        lines.append(Line(row=number, order=order))
    if not lines and not faults:
        raise Refused(
            field=_("file"), value=file_name, reason=_("it has no order"), remedy=_("Write one order in each row")
        )
    return Sheet(lines=tuple(lines), faults=tuple(faults))


def _columns(rows: Sequence[Sequence[Any]], file_name: str) -> tuple[dict[str, int], int]:
    """Which column is which, and the first row after the heading. Titles above the heading are stepped over."""
    for index, row in enumerate(rows[:10]):
        names = [re.sub(r"[（(].*", "", "".join(_text(cell).split()).lower()) for cell in row]
        found = {
            key: next(place for place, name in enumerate(names) if name in words)
            for key, words in HEADINGS.items()
            if any(name in words for name in names)
        }
        if {"ref", "title"} <= found.keys() or {"ref", "text"} <= found.keys():
            return found, index + 1
    raise Refused(
        field=_("file"),
        value=file_name,
        reason=_("no heading names the order's number and its title or description"),
        remedy=_("Name the columns 工单编号, 标题 and 内容"),
    )


def _order(cells: dict[str, Any], classes: frozenset[str], areas: frozenset[str], now: datetime) -> Order:
    text = {name: _text(cell) for name, cell in cells.items()}

    def get(name: str, most: int) -> str:
        value = text.get(name, "")
        if len(value) > most:
            raise _Wrong(name, _("it is longer than %(most)s characters") % {"most": most})
        if "\x00" in value:
            raise _Wrong(name, _("it holds a null character"))
        return value

    ref, words = get("ref", 100), get("text", 5000)
    if not ref:
        raise _Wrong("ref", _("it is missing"))
    title = get("title", 200) or words[:60]
    if not title:
        raise _Wrong("title", _("it is missing"))
    phone = get("phone", 30)
    if phone and not PHONE.fullmatch(phone):
        raise _Wrong("phone", _("it is no phone number"))
    for name, known in (("class_code", classes), ("area_code", areas)):
        if get(name, 40) and text[name] not in known:
            raise _Wrong(name, _("the town has no “%(code)s”") % {"code": text[name]})
    return Order(
        ref=ref,
        title=title,
        text=words,
        answer_days=_days(get("answer_days", 20)),
        class_code=get("class_code", 40),
        area_code=get("area_code", 40),
        address=get("address", 200),
        point=_point(get("lon", 30), get("lat", 30)),
        name=get("name", 100),
        phone=phone,
        urgent=_yes("urgent", get("urgent", 10)),
        received_at=_moment(cells.get("received_at"), now),
    )


def _text(cell: Any) -> str:
    """A number that a workbook keeps as 12345.0 is meant as 12345."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _days(text: str) -> int:
    digits = re.sub(r"(个?工作日|天|日)$", "", text)
    if not text:
        return ANSWER_DAYS[-1]
    if digits not in {str(days) for days in ANSWER_DAYS}:
        raise _Wrong("answer_days", _("it is not 1, 5 or 15 working days"))
    return int(digits)


def _yes(field: str, text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise _Wrong(field, _("it is neither yes nor no"))


def _point(lon: str, lat: str) -> tuple[float, float] | None:
    if not lon and not lat:
        return None
    try:
        point = float(lon), float(lat)
    except ValueError:
        raise _Wrong("lon", _("longitude and latitude are degrees, both of them")) from None
    if not (-180 <= point[0] <= 180 and -90 <= point[1] <= 90):
        raise _Wrong("lon", _("it is nowhere on the earth"))
    return point


def _moment(cell: Any, now: datetime) -> datetime | None:
    """In the town's time, unless it says otherwise. What was received tomorrow was not received."""
    if _text(cell) == "":
        return None
    if isinstance(cell, datetime):
        found = cell
    elif isinstance(cell, date):
        found = datetime.combine(cell, time())
    else:
        match = MOMENT.fullmatch(_text(cell))
        try:
            if match is None:
                raise ValueError
            year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
            found = datetime(year, month, day, hour, minute, second, tzinfo=clock.TOWN_ZONE)
        except ValueError:
            raise _Wrong("received_at", _("it is no time such as 2026-09-15 10:30")) from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=clock.TOWN_ZONE)
    if found > now:
        raise _Wrong("received_at", _("it lies in the future"))
    return found
