"""Which works the demo town has: named after what the plan of 2020 promises, on invented spots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from zhen.packs.renewal.kinds import Kind

WAN = 10_000 * 100
"""Fen in 万元."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """A project of the demo. The days are: first plan, and when it began and was accepted, as far as it came.

    `late`: days by which its milestones were put off, and the code of the reason.
    """

    kind: Kind
    name: str
    about: str
    start: date
    end: date
    begun: date | None = None
    accepted: date | None = None
    late: tuple[int, str] | None = None
    households: int = 0
    budget: int = 0
    lines: Sequence[tuple[str, str, int, int]] = ()


ROOF_LINES = (("屋面防水", "平方米", 3200, 50), ("檐沟、落水管更换", "米", 860, 25), ("避雷及附属设施", "项", 12, 25))
DRAIN_LINES = (("雨水管新建", "米", 1450, 45), ("污水管改造", "米", 1180, 40), ("检查井", "座", 64, 15))
RENEWAL_LINES = (
    ("外立面修缮", "平方米", 9800, 35),
    ("屋面修缮", "平方米", 4100, 20),
    ("楼道整修", "个", 72, 20),
    ("道路和停车", "平方米", 5200, 25),
)
ROAD_LINES = (("人行道铺装", "平方米", 4600, 45), ("绿化", "平方米", 2100, 35), ("街道家具", "件", 58, 20))
ROOF_ABOUT = "屋面防水翻做，更换檐沟、落水管，修缮避雷和屋面附属设施。"
DRAIN_ABOUT = "新建雨水管，改造污水管和检查井，实现小区雨污水分流。"
RENEWAL_ABOUT = "外立面、屋面、楼道修缮，道路、绿化、停车和公共设施改造。"


def of_2020(estates: Sequence[str]) -> list[Work]:
    """Those of the plan: 7 roofs, 2 drainage separations, 4 comprehensive renewals, 3 roads, 1 site, 2 key projects."""
    found = []
    for number, estate in enumerate(estates[:7]):
        month = 9 + number % 3
        found.append(
            Work(
                kind=Kind.ROOF, name=f"{estate}小区屋面及相关设施改造", about=ROOF_ABOUT, start=date(2020, 2, 10),
                end=date(2020, month + 1, 20), begun=date(2020, 5, 18 + number),
                accepted=date(2020, month + 1, 8 + number),
                late=(20, "epidemic") if number in (1, 4, 5) else (12, "weather") if number == 2 else None,
                households=320 + 41 * number, budget=(260 + 30 * number) * WAN, lines=ROOF_LINES,
            )
        )  # fmt: skip
    for number, estate in enumerate(estates[7:9]):
        found.append(
            Work(
                kind=Kind.DRAINAGE, name=f"{estate}小区雨污水分流改造", about=DRAIN_ABOUT, start=date(2020, 2, 17),
                end=date(2020, 10, 30), begun=date(2020, 6, 1), accepted=date(2020, 10, 20 + 3 * number),
                households=410 + 90 * number, budget=(480 + 60 * number) * WAN, lines=DRAIN_LINES,
            )
        )  # fmt: skip
    for number, estate in enumerate(estates[9:13]):
        found.append(
            Work(
                kind=Kind.COMPREHENSIVE, name=f"{estate}小区综合改造", about=RENEWAL_ABOUT, start=date(2020, 3, 2),
                end=date(2021, 6, 30), begun=date(2020, 8, 10 + 5 * number), accepted=date(2021, 6, 2 + 6 * number),
                late=(30, "epidemic") if number == 3 else None,
                households=520 + 70 * number, budget=(1_850 + 220 * number) * WAN, lines=RENEWAL_LINES,
            )
        )  # fmt: skip
    for number, road in enumerate(("清峪路", "真光路", "万镇路")):
        found.append(
            Work(
                kind=Kind.ROAD, name=f"{road}景观道路", about="人行道铺装、沿街立面、绿化和街道家具整体提升。",
                start=date(2020, 3, 9), end=date(2020, 11, 30), begun=date(2020, 7, 6),
                accepted=date(2020, 11, 10 + 5 * number), budget=680 * WAN, lines=ROAD_LINES,
            )
        )  # fmt: skip
    return [
        *found,
        Work(
            kind=Kind.REBUILD, name="大渡河路690弄拆落地", about="旧住房拆除，原地重建，居民回搬。",
            start=date(2020, 1, 13), end=date(2023, 9, 28), begun=date(2021, 3, 15), accepted=date(2023, 9, 20),
            households=36, budget=16_800 * WAN,
        ),
        Work(
            kind=Kind.KEY, name="天地光彩园办公区装修和配套区改造", about="完成办公区装修，改造配套区，同步招商。",
            start=date(2020, 2, 3), end=date(2020, 12, 20), begun=date(2020, 5, 6), accepted=date(2020, 12, 15),
            budget=5_200 * WAN,
        ),
        Work(
            kind=Kind.KEY, name="新曹杨部分地块收储", about="规划局部调整，部分地块收储，腾地交付。",
            start=date(2020, 3, 16), end=date(2021, 12, 20), begun=date(2020, 10, 12), accepted=date(2021, 12, 14),
            late=(25, "residents"), budget=31_000 * WAN,
        ),
    ]  # fmt: skip
