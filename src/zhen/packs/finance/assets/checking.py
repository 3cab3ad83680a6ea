"""Stock-taking (盘点): assets as subjects of rounds, the checklist, and the case that a difference opens.

The texts of the checklist are data in the town's language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.identity.api import Unit
from zhen.kernel.pages.api import Choice
from zhen.kernel.places.api import places_at
from zhen.kernel.rounds.api import (
    NO,
    YES,
    Checklist,
    FindingRule,
    Item,
    ItemKind,
    Match,
    NewSubject,
    Option,
    Severity,
    SourceFilter,
    SubjectSource,
    When,
    finding_table,
)
from zhen.packs.finance.assets import rights
from zhen.packs.finance.assets.models import Asset
from zhen.packs.finance.assets.rules import State

SOURCE, STOCKTAKING = "finance.assets", "finance.stocktaking"
MISSING, BROKEN, SURPLUS = "found", "condition", "surplus"
"""The items that tell the three differences."""
LAW = "《行政事业性国有资产管理条例》第四十三条"

FINDING = finding_table.case_type(
    "finance.asset_finding",
    name=_("difference of stock-taking"),
    prefix="PD",
    view=rights.VIEW,
    create=rights.CHECK,
    handle=rights.CHECK,
    close=rights.DECIDE,
)


def _rule(on: Match, title: str, severity: Severity = Severity.MINOR) -> FindingRule:
    return FindingRule(on=on, title=title, case_type=FINDING.id, severity=severity, limit=(20, "working_days"), law=LAW)


_THERE = When(item=MISSING, match=Match(values=(YES,)))
CHECK = Checklist(
    id=STOCKTAKING,
    title="资产盘点",
    law=LAW,
    minutes=3,
    items=(
        Item(
            id=MISSING,
            text="资产是否在位？",
            help="对照标签上的编号；不在位即为盘亏",
            findings=(_rule(Match(values=(NO,)), "盘亏：账上有、实物未找到", Severity.MAJOR),),
        ),
        Item(
            id=BROKEN,
            text="资产状况",
            kind=ItemKind.CHOICE,
            choices=(
                Option(value="good", text="完好、在用"),
                Option(value="idle", text="完好、闲置"),
                Option(value="broken", text="损坏、待报废"),
            ),
            when=_THERE,
            findings=(_rule(Match(values=("broken",)), "损坏、待报废"),),
        ),
        Item(
            id="place",
            text="存放地点、使用部门、保管人与卡片一致？",
            when=_THERE,
            findings=(_rule(Match(values=(NO,)), "存放地点、使用部门或保管人与卡片不符"),),
        ),
        Item(
            id="label",
            text="标签是否完好、可扫码？",
            when=_THERE,
            findings=(_rule(Match(values=(NO,)), "标签缺失或不可扫码"),),
        ),
        Item(
            id=SURPLUS,
            text="旁边有无没有卡片的资产？（无为“否”）",
            findings=(_rule(Match(values=(YES,)), "盘盈：有实物、账上无卡片", Severity.MAJOR),),
        ),
        Item(id="photo", text="现状照片", kind=ItemKind.PHOTO, needed=False),
    ),
)


def there(query: Mapping[str, str], day: date) -> Iterator[NewSubject]:
    """The assets that are to be there on a day: on the books, whatever waits to be decided on included."""
    rows = Asset.objects.filter(Q(gone_on__isnull=True) | Q(gone_on__gt=day) | Q(state=State.PENDING))
    rows = rows.filter(acquired_on__lte=day).select_related("unit").order_by("pk")
    if "unit" in query:
        rows = rows.filter(unit_id=int(query["unit"]))
    found = list(rows)
    places = places_at({asset.place_id for asset in found if asset.place_id}, day)
    for asset in found:
        at = places.get(asset.place_id or 0)
        yield NewSubject(
            key=str(asset.pk),
            name=f"{asset.name} {asset}",
            address=" ".join(part for part in (at.name if at else "", asset.spot) if part)[:200],
            place_id=asset.place_id,
            area_id=at.parent_id if at else None,
            lon=at.lon if at else None,
            lat=at.lat if at else None,
        )


def _units() -> Sequence[Choice]:
    used = Unit.objects.filter(pk__in=Asset.objects.order_by().values("unit").distinct()).order_by("order", "pk")
    return [Choice(value=str(unit.pk), label=unit.name) for unit in used]


SOURCES = (
    SubjectSource(
        id=SOURCE,
        name=_("assets"),
        find=there,
        filters=(SourceFilter(id="unit", label=_("used by"), choices=_units),),
        url=lambda key: f"/desk/finance/assets/{key}/",
    ),
)
