"""The classes that Zhen ships, laid as rows once: the town compares them with their source and changes them."""

from __future__ import annotations

from datetime import date

from zhen.packs.finance.assets.models import AssetClass

SINCE = date(2019, 1, 1)
SOURCE = "GB/T 14885—2022《固定资产等资料分类与代码》；《政府会计准则第3号——固定资产》应用指南（财会〔2017〕4号）"

CLASSES: tuple[tuple[str, str, int | None], ...] = (
    ("A0101", "房屋（钢筋混凝土结构）", 50),
    ("A0201", "计算机设备", 6),
    ("A0202", "办公设备", 6),
    ("A0203", "车辆", 8),
    ("A05", "家具和用具", 15),
    ("A03", "文物和陈列品", None),
    ("A04", "图书和档案", None),
    ("A06", "特种动植物", None),
    ("A0107", "单独计价入账的土地", None),
)
"""Code, name, shortest life in years; without one it is not depreciated."""


def lay() -> None:
    """Bring in the classes that are missing; those that the town has changed or ended stay as they are."""
    known = set(AssetClass.objects.values_list("code", flat=True))
    AssetClass.objects.bulk_create(
        AssetClass(code=code, name=name, years=years, valid_from=SINCE, source=SOURCE)
        for code, name, years in CLASSES
        if code not in known
    )
