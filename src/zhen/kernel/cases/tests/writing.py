"""Reports in our own words, made from a seed: for tests and benchmarks of search and of repeats.

Nothing here was taken from anybody's letter.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

THINGS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "manhole": (("窨井盖", "井盖", "下水道盖子", "马路上的井盖"), ("缺失", "没了", "不见了", "丢了", "少了一块")),
    "lamp": (("路灯", "街灯", "门口的路灯", "路边的灯"), ("不亮", "不亮了", "坏了", "灭了好几天", "一闪一闪")),
    "rubbish": (("建筑垃圾", "垃圾", "装修垃圾", "一堆垃圾"), ("没人清", "堆了很久", "乱堆", "堆在路边", "无人清运")),
    "noise": (("工地", "施工", "夜里施工", "隔壁工地"), ("太吵", "噪声扰民", "吵得睡不着", "半夜还在响", "声音很大")),
    "tree": (("行道树", "大树", "路边的树", "树枝"), ("倒了", "断了", "快倒了", "折断挡路", "倒在路上")),
    "leak": (("自来水管", "水管", "地下水管", "消防栓"), ("漏水", "爆了", "一直漏水", "冒水", "漏了一地水")),
    "bikes": (("共享单车", "单车", "自行车"), ("乱停", "堵住人行道", "堆成一堆", "占了盲道", "挡住出口")),
    "charging": (("充电桩", "电动车充电桩", "充电口"), ("坏了", "没电", "不能用", "烧焦了", "没反应")),
    "lift": (("电梯", "楼里的电梯", "客梯"), ("停运", "坏了", "关不上门", "晃得厉害", "卡住了")),
    "exit": (("消防通道", "楼道", "安全出口"), ("堆满杂物", "被堵", "停满车", "锁住了", "过不去")),
}
WHERE = ("小区门口", "人行道上", "学校旁边", "菜场边上", "公园北门", "地铁站口", "路口", "河边", "超市对面", "桥下")
BEFORE = ("", "", "你好，", "请问，", "居民反映", "我要反映，", "麻烦看一下，", "您好！")
AFTER = (
    "",
    "，请尽快处理",
    "，有危险",
    "，老人小孩走路不方便",
    "，已经三天了",
    "，希望有人来修",
    "，谢谢",
    "，晚上看不见",
)
STREETS = ("青柳路", "长安街", "河滨路", "新丰路", "石桥路", "梅园路", "北新街", "东方路", "和平路", "大同路")


@dataclass(frozen=True)
class Told:
    """One report as somebody tells it."""

    thing: str
    street: str
    title: str
    text: str
    address: str


def tell(random: Random, thing: str, street: str, where: str) -> Told:
    names, faults = THINGS[thing]
    name, fault = random.choice(names), random.choice(faults)
    place = random.choice((street, where, f"{street}{where}", ""))
    title = random.choice((f"{place}{name}{fault}", f"{name}{fault}", f"{fault}：{place}{name}"))
    text = f"{random.choice(BEFORE)}{street}{where}{random.choice(names)}{random.choice(faults)}{random.choice(AFTER)}"
    return Told(thing, street, title, text, f"{street}{random.randint(1, 900)}号")


def tell_anything(random: Random) -> Told:
    return tell(random, random.choice(sorted(THINGS)), random.choice(STREETS), random.choice(WHERE))
