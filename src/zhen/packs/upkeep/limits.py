"""How long the steps against an unauthorised structure may take: the rows that come with the pack.

The town changes them on the desk (Time limits); a case keeps the limits of the day on which its clocks started.
"""

from __future__ import annotations

from datetime import date

from zhen.kernel.cases.api import ShippedLimit
from zhen.packs.upkeep.case_types import STRUCTURE_ID

VALID_FROM = date(2019, 1, 1)
STANDARD = "《数字化城市管理信息系统》（GB/T 30428）例示的处置时限，待核"
PRACTICE = "本镇做法，待核"


def _of(deadline: str, amount: int, unit: str, source: str) -> ShippedLimit:
    return ShippedLimit(
        case_type=STRUCTURE_ID, deadline=deadline, amount=amount, unit=unit, valid_from=VALID_FROM, source=source
    )


LIMITS = (
    _of("stop", 4, "working_hours", f"{STANDARD}：责令停工 4 工作时"),
    _of("decide", 7, "working_days", f"{STANDARD}：处罚决定 7 个工作日"),
    _of("remove", 20, "working_days", f"{STANDARD}：拆除 20 个工作日"),
    _of("verify", 3, "working_days", f"{PRACTICE}：现场复核 3 个工作日"),
    _of("whole", 90, "calendar_days", f"{PRACTICE}：自发现至拆除 90 日"),
)
