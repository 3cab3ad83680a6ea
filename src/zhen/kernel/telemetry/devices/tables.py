"""A table of devices as people write it: which column is which, and what a row says. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import tables
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.telemetry.devices.rules import check
from zhen.kernel.telemetry.devices.values import NewDevice

Text = str | Promise
MOST_ROWS = 10_000
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("code", "编码", "设备编码", "设备编号"),
    "name": ("name", "名称", "设备名称"),
    "profile": ("profile", "型号", "设备类型", "类型"),
    "place": ("place", "地点编码", "地点", "楼宇编码"),
    "unit": ("unit", "单位编码", "责任单位", "单位"),
    "spot": ("spot", "位置", "安装位置"),
    "gateway": ("gateway", "网关", "网关编码"),
    "maintenance": ("maintenance", "维保合同", "维保单位"),
    "maintained_until": ("maintained_until", "维保到期", "维保截止"),
    "installed_on": ("installed_on", "安装日期"),
    "end_of_life": ("end_of_life", "到期更换", "报废日期"),
}
NEEDED = ("code", "name", "profile", "place", "unit")
DAYS = ("maintained_until", "installed_on", "end_of_life")
DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A row that was refused, and why."""

    row: int
    code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    devices: tuple[tuple[int, NewDevice], ...]
    faults: tuple[Fault, ...]


def read(data: bytes, *, file_name: str, places: Mapping[str, int], units: Mapping[str, int]) -> Sheet:
    """The devices of a file, and the rows that are none. `places` and `units` by code. Raises Refused."""
    rows = tables.read(data, file_name=file_name, most_rows=MOST_ROWS + 1)
    columns = _columns(rows[0] if rows else [], file_name)
    devices: list[tuple[int, NewDevice]] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for number, row in enumerate(rows[1:], 2):
        cells = {name: row[place] for name, place in columns.items() if place < len(row)}
        if not any(_text(cell) for cell in cells.values()):
            continue
        code = _text(cells.get("code"))
        try:
            if code in seen:
                raise _refused("code", code, _("it stands in the file twice"))
            new = _device(cells, places, units)
            check(new)
        except Refused as refused:
            faults.append(Fault(row=number, code=code[:64], reason=str(refused)))
            continue
        seen.add(code)
        devices.append((number, new))
    if not devices and not faults:
        raise Refused(
            field=_("file"), value=file_name, reason=_("it has no device"), remedy=_("Write one device in each row")
        )
    return Sheet(devices=tuple(devices), faults=tuple(faults))


def _columns(heading: Sequence[Any], file_name: str) -> dict[str, int]:
    names = [_text(cell).lower() for cell in heading]
    found = {
        key: next(place for place, name in enumerate(names) if name in words)
        for key, words in HEADINGS.items()
        if any(name in words for name in names)
    }
    missing = [HEADINGS[key][1] for key in NEEDED if key not in found]
    if missing:
        raise Refused(
            field=_("file"),
            value=file_name,
            reason=_("the columns %(columns)s are missing") % {"columns": "、".join(missing)},
            remedy=_("Write the names of the columns in the first row"),
        )
    return found


def _device(cells: Mapping[str, Any], places: Mapping[str, int], units: Mapping[str, int]) -> NewDevice:
    text = {name: _text(cell) for name, cell in cells.items() if name not in DAYS}
    return NewDevice(
        code=text["code"],
        name=text["name"],
        profile=text["profile"],
        place_id=_known(places, "place", text["place"], _("there is no such place")),
        unit_id=_known(units, "unit", text["unit"], _("there is no such unit")),
        spot=text.get("spot", "")[:100],
        gateway=text.get("gateway", ""),
        maintenance=text.get("maintenance", "")[:200],
        maintained_until=_day("maintained_until", cells.get("maintained_until")),
        installed_on=_day("installed_on", cells.get("installed_on")),
        end_of_life=_day("end_of_life", cells.get("end_of_life")),
    )


def _known(known: Mapping[str, int], name: str, code: str, reason: Text) -> int:
    try:
        return known[code]
    except KeyError:
        raise _refused(name, code, reason) from None


def _day(name: str, cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    text = _text(cell)
    if not text:
        return None
    match = DAY.fullmatch(text)
    try:
        if match is None:
            raise ValueError
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        raise _refused(name, text, _("it is no day")) from None


def _refused(name: str, value: object, reason: Text) -> Refused:
    return Refused(field=HEADINGS[name][1], value=value, reason=reason, remedy=_("Correct the row"))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
