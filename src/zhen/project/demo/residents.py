"""People, households and organisations of the demo town: none of them exists."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from zhen.kernel.access.api import Actor
from zhen.kernel.parties.api import (
    NewHousehold,
    NewPerson,
    SyntheticHousehold,
    SyntheticTown,
    add_organisation,
    credit_check,
    record_households,
)
from zhen.kernel.places.api import Place, PlaceVersion, versions_on
from zhen.project.demo.people import SINCE

PERSONS = {"small": 2_400, "town": 110_000}
ORGANISATIONS = {"small": 60, "town": 1_200}
RECORDED = datetime(2020, 1, 6, 1, tzinfo=UTC)

_NAMES = (
    "长青",
    "天泽",
    "梅川",
    "金沙",
    "华东",
    "明月",
    "远航",
    "启明",
    "海纳",
    "正源",
    "云帆",
    "同济",
    "晨光",
    "百川",
    "瑞达",
)
_TRADES = (
    "软件",
    "信息技术",
    "文化传媒",
    "机器人",
    "电子商务",
    "餐饮管理",
    "物业管理",
    "检测技术",
    "数字科技",
    "健康管理",
)


def build_residents(builder: Actor, scale: str, seed: int) -> int:
    """Fill the residential buildings with households; gives how many persons there are."""
    homes = list(
        versions_on(SINCE)
        .filter(place__kind=Place.Kind.BUILDING, attributes__use="residential")
        .order_by("place__code")
    )
    town = SyntheticTown(seed, RECORDED.date())
    return record_households(builder, _moved_in(town.households(PERSONS[scale]), homes), RECORDED)


def _moved_in(households: Iterable[SyntheticHousehold], homes: list[PlaceVersion]) -> Iterator[NewHousehold]:
    """One household after another into the next building, floor by floor."""
    for number, household in enumerate(households):
        home = homes[number % len(homes)]
        storey, door = divmod(number // len(homes), 4)
        yield NewHousehold(
            id=household.id,
            members=[
                NewPerson(id=person.id, name=person.name, id_number=person.id_number, phone=person.phone, kin=kin)
                for person, kin in household.members
            ],
            since=SINCE,
            area=home.parent_id,
            place=home.place_id,
            address=f"{home.name}{storey + 1}{door + 1:02d}室",
        )


def build_organisations(builder: Actor, scale: str, seed: int) -> int:
    """Enterprises with true check characters under an administrative code that was never assigned."""
    chance = random.Random(seed)  # noqa: S311 a demo, not a secret
    offices = list(
        versions_on(SINCE)
        .filter(place__kind=Place.Kind.BUILDING)
        .exclude(attributes__use="residential")
        .order_by("place__code")
    )
    parents = Place.objects.in_bulk({office.parent_id for office in offices if office.parent_id})
    for number in range(ORGANISATIONS[scale]):
        office = chance.choice(offices)
        body = f"91310199MA{number:07d}"
        add_organisation(
            builder,
            name=f"上海{chance.choice(_NAMES)}{chance.choice(_TRADES)}有限公司（示范{number + 1:04d}）",
            code=body + credit_check(body),
            area=parents.get(office.parent_id or 0),
        )
    return ORGANISATIONS[scale]
