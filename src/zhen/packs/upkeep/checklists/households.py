"""Households: the homes of the aged, and an enumeration of which only counts are kept."""

from zhen.kernel.rounds.api import Checklist, Item, ItemKind, Option, Severity
from zhen.packs.upkeep.checklists.common import check

HOME_SAFETY = Checklist(
    id="upkeep.home_safety",
    title="高龄家庭居家安全走访",
    law="《老年人权益保障法》第六十四条、第六十五条",
    minutes=20,
    items=(
        check("gas", "燃气软管、灶具是否完好，有熄火保护？", "燃气器具有隐患", severity=Severity.MAJOR, days=3),
        check("power", "电线、插座有无老化、超负荷？（无为“是”）", "用电有隐患", severity=Severity.MAJOR, days=3),
        check("exit", "楼道和入户门口是否畅通？", "通道堆物", days=3),
        check("slip", "卫生间是否防滑、有扶手？", "卫生间无防滑或扶手", days=20, points=5),
        check("call", "紧急呼叫或烟感是否可用？", "紧急呼叫或烟感不可用", days=5, needed=False),
    ),
)
ENUMERATION = Checklist(
    id="upkeep.enumeration",
    title="人口和住房普查摸底（只留计数）",
    law="《统计法》第九条、第二十五条；《全国人口普查条例》",
    minutes=5,
    items=(
        Item(id="people", text="常住几人？", kind=ItemKind.NUMBER, unit="人", low=0, high=50),
        Item(id="aged", text="其中60岁及以上几人？", kind=ItemKind.NUMBER, unit="人", low=0, high=50),
        Item(id="children", text="其中14岁及以下几人？", kind=ItemKind.NUMBER, unit="人", low=0, high=50),
        Item(
            id="home",
            text="住房来源",
            kind=ItemKind.CHOICE,
            choices=(
                Option(value="own", text="自有"),
                Option(value="rent", text="租赁"),
                Option(value="other", text="其他"),
            ),
        ),
        Item(id="lift", text="楼内有无电梯？"),
    ),
)
CHECKLISTS = (HOME_SAFETY, ENUMERATION)
