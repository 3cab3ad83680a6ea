"""Patrols of building security (安防巡查): what is visited, what is looked at, and the case that a finding opens.

They come with rounds: a campaign plans the visits. What is looked at is doors, fences, lifts and buttons, never people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhen.kernel.pages.api import Choice
from zhen.kernel.places.api import Kind, versions_on
from zhen.kernel.rounds.api import (
    NO,
    Checklist,
    FindingRule,
    Item,
    ItemKind,
    Match,
    NewSubject,
    Severity,
    SourceFilter,
    SubjectSource,
    finding_table,
)
from zhen.kernel.telemetry.api import Device
from zhen.packs.security import rights
from zhen.packs.security.profiles import CODES

BUILDINGS, PATROL = "security.buildings", "security.patrol"
FINDING = finding_table.case_type(
    "security.finding",
    name=_("finding of a security patrol"),
    prefix="AX",
    view=rights.VIEW,
    create=rights.CREATE,
    handle=rights.HANDLE,
    close=rights.CLOSE,
)
WRONG = Match(values=(NO,))


def buildings(query: Mapping[str, str], day: date) -> Iterator[NewSubject]:
    """Buildings, those with a device of building security in service or those with none, as the filter says."""
    watched = Device.objects.filter(profile__in=CODES, state=Device.State.ACTIVE).values("place")
    rows = versions_on(day, Kind.BUILDING).select_related("place").order_by("place__code")
    if "devices" in query:
        rows = rows.filter(place__in=watched) if query["devices"] == "some" else rows.exclude(place__in=watched)
    for row in rows.iterator(chunk_size=2_000):
        yield NewSubject(
            key=row.place.code, name=row.name, address=row.address or row.name, place_id=row.place_id,
            area_id=row.parent_id, lon=row.lon, lat=row.lat,
        )  # fmt: skip


def _choices() -> Sequence[Choice]:
    return [Choice(value="some", label=_("with security devices")), Choice(value="none", label=_("without any"))]


def _check(id: str, text: str, finding: str, *, severity: Severity = Severity.MINOR, days: int = 10) -> Item:
    """Something that must be so: "no" is a finding, shown with a photo, and opens a case."""
    rule = FindingRule(on=WRONG, title=finding, case_type=FINDING.id, severity=severity, limit=(days, "working_days"))
    return Item(id=id, text=text, points=10, shown=WRONG, findings=(rule,))


CHECKLISTS = (
    Checklist(
        id=PATROL,
        title="楼宇安防巡查",
        law="《企业事业单位内部治安保卫条例》",
        minutes=15,
        items=(
            _check("door", "出入口门禁是否完好、能自动关闭？", "门禁损坏或常开", days=5),
            _check("window", "底层门窗、护栏是否完好？", "底层门窗或护栏损坏"),
            _check("fence", "围墙、周界是否完整、无翻越点？", "围墙周界破损"),
            _check("lift", "电梯紧急呼叫是否有人应答？", "电梯紧急呼叫无应答", severity=Severity.MAJOR, days=2),
            _check("button", "紧急按钮试按后，值守台是否收到？", "紧急按钮不通", severity=Severity.MAJOR, days=2),
            _check("water", "地下泵房、车库是否干燥，水浸探头是否在位？", "地下积水或水浸探头缺失", days=5),
            _check("light", "楼道和出入口照明是否完好？", "公共照明损坏"),
            Item(id="view", text="现场照片", kind=ItemKind.PHOTO, needed=False),
        ),
    ),
)
SOURCES = (
    SubjectSource(
        id=BUILDINGS,
        name=_("buildings, for security patrols"),
        find=buildings,
        filters=(SourceFilter(id="devices", label=_("security devices"), choices=_choices),),
        url=lambda key: f"/desk/places/areas/{key}/",
    ),
)
