"""Persons and households who do not exist, for the demo, for tests and for measuring.

Everything follows from the seed. Nobody real can be among them: their identity numbers stand under
the county code 310199, which GB/T 2260 never assigned, with a true check character (so all rules are
exercised); their phone numbers begin with 126, which no Chinese mobile network uses.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from uuid import UUID

from zhen.kernel.lib.ids import timed_id
from zhen.kernel.parties.rules import resident_check

COUNTY = "310199"
PHONE_PREFIX = "126"

# The commonest surnames with rough shares in per mille, and characters people give to children. The
# lists are our own; they only have to look like a town.
SURNAMES = {
    "王": 72, "李": 71, "张": 68, "陈": 52, "刘": 51, "杨": 30, "黄": 24, "周": 24, "吴": 23, "朱": 22, "徐": 22,
    "沈": 20, "孙": 18, "陆": 17, "赵": 17, "顾": 16, "胡": 15, "金": 14, "马": 12, "高": 12, "何": 12, "郭": 11,
    "林": 11, "罗": 10, "姚": 10, "潘": 10, "蒋": 10, "曹": 10, "许": 10, "宋": 9, "唐": 9, "倪": 9, "钱": 9,
    "郑": 9, "谢": 8, "施": 8, "陶": 8, "严": 8, "邵": 7, "俞": 7, "汪": 7, "戴": 7, "于": 7, "叶": 7, "方": 6,
    "程": 6, "丁": 6, "余": 6, "杜": 6, "夏": 6, "范": 6, "康": 5, "薛": 5, "秦": 5, "邱": 5, "龚": 5, "瞿": 4,
    "乔": 4, "侯": 4, "韩": 6, "冯": 5, "董": 6, "萧": 3, "曾": 4, "彭": 4, "吕": 4, "苏": 4, "卢": 4, "蔡": 5,
    "贾": 3, "魏": 4, "傅": 4, "毛": 3, "史": 3, "钟": 3, "任": 4, "姜": 4, "崔": 3, "谭": 3, "廖": 2, "袁": 4,
    "闵": 2, "翁": 2, "奚": 2, "庄": 3, "盛": 3, "单": 1, "尉迟": 1, "欧阳": 1, "诸葛": 1,
}  # fmt: skip
OLD_MEN = "国建志德福荣根宝林祥明华生康永庆伟金兴全忠才富海龙贵良义"
OLD_WOMEN = "秀英凤珍桂兰玉芳妹娣宝琴月华珠菊惠美仙巧琳金萍根云素爱"
MEN = "伟强磊军杰涛斌勇峰俊超鹏飞刚健波晨宇浩亮辉平凯文东旭阳毅松诚"
WOMEN = "静丽敏燕艳娟霞婷雪莉慧洁莹倩蓉琳佳颖晓红梅雯瑶怡薇晶萍丹岚"
BOYS = "宇轩浩然子睿泽铭博文俊熙梓涵一诺辰逸皓景宸奕恒屿川安之乐知远"
GIRLS = "欣怡梓涵雨桐诗语可馨若曦一诺思彤沐瑶芷萱安然书妍语晨清妙心悦"


@dataclass(frozen=True, kw_only=True)
class SyntheticPerson:
    id: UUID
    name: str
    is_male: bool
    born_on: date
    id_number: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class SyntheticHousehold:
    """`members` are persons with their relation to the head (Membership.Kin), the head first."""

    id: UUID
    members: tuple[tuple[SyntheticPerson, str], ...]


class Town:
    """A source of households, the same for the same seed and day."""

    def __init__(self, seed: int, today: date) -> None:
        self._random = random.Random(seed)  # noqa: S311 repeatable on purpose; nothing secret comes of it
        self._today = today
        self._born: Counter[tuple[date, bool]] = Counter()
        self._phones = count(1)
        self._ids = count(1)
        self._names = list(SURNAMES), list(SURNAMES.values())
        # One day before the oldest real row, so that synthetic ids never mix with those made later.
        self._milliseconds = (date(2020, 1, 1) - date(1970, 1, 1)).days * 86_400_000

    def households(self, persons: int) -> Iterator[SyntheticHousehold]:
        """Households until there are exactly `persons` people."""
        left = persons
        while left > 0:
            household = self._household(left)
            left -= len(household.members)
            yield household

    def _household(self, most: int) -> SyntheticHousehold:
        pick = self._random
        head = self._person(pick.gauss(54, 16), pick.random() < 0.62, surname="")
        members = [(head, "head")]
        age = self._age(head)
        if pick.random() < (0.72 if age < 75 else 0.5):
            members.append((self._person(age + pick.gauss(0, 3), not head.is_male, surname=""), "spouse"))
        father = next((person for person, _kin in members if person.is_male), head)
        surname = self._surname_of(father)
        if age < 72:
            for _child in range(pick.choices((0, 1, 2), (38, 48, 14))[0]):
                members.append((self._person(age - pick.gauss(28, 4), pick.random() < 0.52, surname), "child"))
        if age > 56 and len(members) > 1 and pick.random() < 0.22:
            members.append((self._person(age - pick.gauss(57, 5), pick.random() < 0.52, surname), "grandchild"))
        if age < 62 and pick.random() < 0.16:
            members.append((self._person(age + pick.gauss(27, 3), pick.random() < 0.45, surname=""), "parent"))
        return SyntheticHousehold(id=self._id(), members=tuple(members[:most]))

    def _person(self, age: float, is_male: bool, surname: str) -> SyntheticPerson:
        age = min(max(age, 0.02), 101)
        born_on = self._today - timedelta(days=int(age * 365.2425) + self._random.randrange(5))
        # A day has 500 odd numbers (men) and 500 even ones (women); a full day passes on to the one before.
        while self._born[born_on, is_male] >= 500:
            born_on -= timedelta(days=1)
        order = self._born[born_on, is_male] * 2 + is_male
        self._born[born_on, is_male] += 1
        body = f"{COUNTY}{born_on:%Y%m%d}{order:03d}"
        return SyntheticPerson(
            id=self._id(),
            name=self._name(is_male, born_on, surname),
            is_male=is_male,
            born_on=born_on,
            id_number=body + resident_check(body),
            phone=f"{PHONE_PREFIX}{next(self._phones):08d}" if age > 12 and self._random.random() < 0.85 else "",
        )

    def _name(self, is_male: bool, born_on: date, surname: str) -> str:
        pick = self._random
        if born_on.year < 1965:
            characters, single = (OLD_MEN if is_male else OLD_WOMEN), 0.12
        elif born_on.year < 2000:
            characters, single = (MEN if is_male else WOMEN), 0.38
        else:
            characters, single = (BOYS if is_male else GIRLS), 0.08
        given = pick.choice(characters) if pick.random() < single else "".join(pick.sample(characters, 2))
        return (surname or pick.choices(*self._names)[0]) + given

    def _surname_of(self, person: SyntheticPerson) -> str:
        return person.name[:2] if person.name[:2] in SURNAMES else person.name[:1]

    def _age(self, person: SyntheticPerson) -> float:
        return (self._today - person.born_on).days / 365.2425

    def _id(self) -> UUID:
        return timed_id(self._milliseconds + next(self._ids), self._random.getrandbits(74))
