"""Typhoon and flood: what is looked at before, during and after."""

from zhen.kernel.rounds.api import Checklist, FindingRule, Item, ItemKind, Match, Severity
from zhen.packs.upkeep.case_types import FINDING
from zhen.packs.upkeep.checklists.common import check

LAW = "《防汛条例》、上海市防汛条例"
BEFORE = Checklist(
    id="upkeep.flood_before",
    title="防台防汛：来临前检查",
    law=LAW,
    minutes=15,
    items=(
        Item(id="whole", text="全景照片", kind=ItemKind.PHOTO, needed=False),
        check(
            "hung",
            "店招店牌、空调外机、花盆等高空物是否固定或已移除？",
            "高空物未固定",
            severity=Severity.MAJOR,
            days=1,
        ),
        check("roof", "屋面、彩钢板、脚手架是否加固？", "屋面或脚手架未加固", severity=Severity.MAJOR, days=1),
        check("drains", "雨水口、排水沟是否畅通？", "排水不畅", days=1),
        check("pumps", "防汛挡板、沙袋、水泵是否到位、可用？", "防汛物资未到位", days=1),
        check("power", "低洼处配电设施是否有防淹措施？", "配电设施有受淹风险", severity=Severity.MAJOR, days=1),
        check("people", "工棚、危旧房屋内人员是否已安排撤离？", "应撤离人员未安排", severity=Severity.CRITICAL, days=1),
    ),
)
DURING = Checklist(
    id="upkeep.flood_during",
    title="防台防汛：期间巡查",
    law=LAW,
    minutes=10,
    items=(
        Item(
            id="water",
            text="积水深度（无积水填0）",
            kind=ItemKind.READING,
            unit="cm",
            low=0,
            high=300,
            findings=(
                FindingRule(
                    on=Match(above=15),
                    title="积水超过15厘米",
                    case_type=FINDING.id,
                    severity=Severity.MAJOR,
                    limit=(4, "working_hours"),
                    law=LAW,
                ),
            ),
        ),
        check(
            "safe",
            "有无坠落、倒塌、漏电危险？（无为“是”）",
            "存在坠落、倒塌、漏电危险",
            severity=Severity.CRITICAL,
            days=1,
        ),
        check("closed", "危险区域是否已封控、停止施工或营业？", "危险区域未封控", severity=Severity.MAJOR, days=1),
        Item(id="moved", text="已撤离人数", kind=ItemKind.NUMBER, unit="人", low=0, high=5000, needed=False),
    ),
)
AFTER = Checklist(
    id="upkeep.flood_after",
    title="防台防汛：过后排查",
    law=LAW,
    minutes=15,
    items=(
        check("drained", "积水是否已排除？", "积水未排除", days=1),
        check("trees", "倒伏树木、散落物是否已清理？", "倒伏树木或散落物未清理", days=2),
        check("damage", "房屋、围墙、屋面有无损坏？（无为“是”）", "房屋或围墙损坏", severity=Severity.MAJOR, days=5),
        check("power", "水、电、燃气是否恢复且安全？", "水电气未恢复或有隐患", severity=Severity.MAJOR, days=1),
        check("clean", "消毒、清洁是否完成？", "环境消杀未完成", days=2, points=5),
    ),
)
CHECKLISTS = (BEFORE, DURING, AFTER)
