"""The demo's stock of unauthorised structures: an old one, surveyed before the plan of 2020, and this year's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Move, move
from zhen.kernel.identity.api import Unit
from zhen.kernel.lib import clock
from zhen.kernel.places.api import PlaceVersion
from zhen.packs.upkeep.actions import Discovery, discover
from zhen.packs.upkeep.demo.visits import photo, point
from zhen.packs.upkeep.models import Structure

STRUCTURES = {"small": 12, "town": 40}
OLD = {"small": 10, "town": 20}
BUILDS = ("屋顶搭建彩钢板房", "底层院落封闭搭建", "沿街外扩雨棚", "楼道隔断房间", "绿地内搭建棚屋")
SURVEYED = date(2019, 3, 4)
GONE_2020, GONE_LATER = 0.2, 0.84
"""The share of the old stock that was removed in the year of the plan, and of what was left in the five years after."""
NEW_2020 = 3


def build_stock(builder: Actor, unit: Unit, buildings: Sequence[PlaceVersion], chance: Random, scale: str) -> int:
    """Gives how many structures there are in the register, standing or not."""
    maker = _Maker(builder, unit, buildings, chance)
    for number in range(OLD[scale]):
        days = 5 * number % 220
        gone = None
        if number < GONE_2020 * OLD[scale]:
            gone = date(2020, 5, 6) + timedelta(days=chance.randrange(200))
        elif number < (GONE_2020 + GONE_LATER * (1 - GONE_2020)) * OLD[scale]:
            gone = date(2021, 3, 1) + timedelta(days=chance.randrange(1_700))
        maker.make("existing", SURVEYED + timedelta(days=days), gone)
    for number in range(NEW_2020):
        found = date(2020, 4, 27) + timedelta(days=60 * number)
        maker.make("new", found, found + timedelta(days=12))
    today = clock.today()
    for _number in range(STRUCTURES[scale]):
        found = today - timedelta(days=chance.randint(20, 300))
        kind = "new" if chance.random() < 0.3 else "existing"
        maker.make(kind, found, found + timedelta(days=12) if chance.random() < 0.4 else None)
    return Structure.objects.count()


class _Maker:
    """Discovers structures, and has those that are gone shown and verified."""

    def __init__(self, builder: Actor, unit: Unit, buildings: Sequence[PlaceVersion], chance: Random) -> None:
        self.builder, self.unit, self.buildings, self.chance = builder, unit, buildings, chance
        self.number = 0

    def make(self, kind: str, found: date, gone: date | None) -> None:
        self.number += 1
        at = self.chance.choice(self.buildings)
        with clock.frozen(_at(found)):
            seen = Discovery(
                kind=kind, what=self.chance.choice(BUILDS), unit_id=self.unit.pk, address=at.address or at.name,
                area_m2=self.chance.randint(6, 60), point=point(at), area_id=at.parent_id,
            )  # fmt: skip
            case = discover(self.builder, seen, [photo(self.builder, f"违建{self.number} 发现")]).case
        if gone is None:
            return
        with clock.frozen(_at(gone - timedelta(days=2))):
            said = Move(result="已自行拆除", files=(photo(self.builder, f"违建{self.number} 拆除后"),))
            case = move(self.builder, case.pk, case.revision, "removed", said)
        with clock.frozen(_at(gone)):
            move(self.builder, case.pk, case.revision, "verify", Move(reason="现场查看，已拆除并清理完毕"))


def _at(day: date) -> datetime:
    return datetime.combine(day, time(10, 20), clock.TOWN_ZONE)
