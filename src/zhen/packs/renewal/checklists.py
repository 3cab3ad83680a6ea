"""What is looked at on a visit to a project: progress, quality, acceptance."""

from __future__ import annotations

from typing import Any

from zhen.kernel.rounds.api import NO, Checklist, FindingRule, Item, ItemKind, Match, Option, Severity
from zhen.packs.renewal.case_types import DEFECT

WRONG = Match(values=(NO,))
QUALITY_LAW = "《建设工程质量管理条例》"


def check(
    id: str, text: str, finding: str, *, law: str = "", severity: Severity = Severity.MINOR, days: int = 10, **more: Any
) -> Item:
    """“No” is a defect, is shown with a photo, and opens a case."""
    rule = FindingRule(
        on=WRONG, title=finding, case_type=DEFECT.id, severity=severity, limit=(days, "working_days"), law=law
    )
    return Item(id=id, text=text, points=10, shown=WRONG, findings=(rule,), **more)


PROGRESS = Checklist(
    id="renewal.progress",
    title="更新改造项目进度查看",
    minutes=15,
    items=(
        Item(id="spot", text="固定机位照片（改造前后从同一处拍摄）", kind=ItemKind.PHOTO),
        Item(id="more", text="施工部位照片", kind=ItemKind.PHOTO, needed=False),
        Item(
            id="stage",
            text="现场处于哪个阶段？",
            kind=ItemKind.CHOICE,
            choices=(
                Option(value="before", text="未开工"),
                Option(value="works", text="施工中"),
                Option(value="finish", text="收尾"),
                Option(value="done", text="已完工"),
                Option(value="stopped", text="停工"),
            ),
        ),
        Item(id="crew", text="现场施工人数", kind=ItemKind.NUMBER, unit="人", low=0, high=2000, needed=False),
    ),
)
QUALITY = Checklist(
    id="renewal.quality",
    title="更新改造项目质量和文明施工检查",
    law=QUALITY_LAW,
    minutes=25,
    items=(
        Item(id="whole", text="全景照片", kind=ItemKind.PHOTO),
        check("material", "材料是否有合格证并按图使用？", "材料与图纸不符或无合格证", law=f"{QUALITY_LAW}第二十九条"),
        check("work", "已完成部位有无渗漏、空鼓、开裂？（无为“是”）", "施工质量缺陷", severity=Severity.MAJOR),
        check("hidden", "隐蔽工程是否验收并有影像？", "隐蔽工程未验收", law=f"{QUALITY_LAW}第三十条"),
        check("safety", "脚手架、临边防护、安全通道是否到位？", "安全防护不到位", severity=Severity.MAJOR, days=2),
        check("neighbours", "施工告示、作业时间、扬尘噪声控制是否到位？", "扰民", days=3),
    ),
)
ACCEPTANCE = Checklist(
    id="renewal.acceptance",
    title="更新改造项目竣工验收",
    law=f"{QUALITY_LAW}第十六条",
    minutes=40,
    items=(
        Item(id="spot", text="固定机位照片（改造前后从同一处拍摄）", kind=ItemKind.PHOTO),
        check("bill", "合同和清单内容是否全部完成？", "合同内容未全部完成", law=f"{QUALITY_LAW}第十六条"),
        check("work", "实体质量是否合格，无渗漏、空鼓、开裂？", "验收发现质量缺陷", severity=Severity.MAJOR),
        check("papers", "竣工资料、质量保修书是否齐全？", "竣工资料不全", law=f"{QUALITY_LAW}第三十九条"),
        check("clean", "场地是否清理，设施是否恢复？", "场地未清理恢复", days=5),
        Item(id="residents", text="居民代表签字", kind=ItemKind.SIGNATURE, needed=False),
        Item(id="contractor", text="施工单位签字", kind=ItemKind.SIGNATURE),
    ),
)
CHECKLISTS = (PROGRESS, QUALITY, ACCEPTANCE)
