"""How a line of upkeep's checklists is written."""

from __future__ import annotations

from typing import Any

from zhen.kernel.rounds.api import NO, FindingRule, Item, ItemKind, Match, Severity
from zhen.packs.upkeep.case_types import FINDING

WRONG = Match(values=(NO,))


def check(
    id: str, text: str, finding: str, *, law: str = "", severity: Severity = Severity.MINOR, days: int = 15,
    points: int = 10, **more: Any,
) -> Item:  # fmt: skip
    """Something that must be so: “no” is a finding, is shown with a photo, and opens a case."""
    rule = FindingRule(
        on=WRONG, title=finding, case_type=FINDING.id, severity=severity, limit=(days, "working_days"), law=law
    )
    return Item(id=id, text=text, points=points, shown=WRONG, findings=(rule,), **more)


SIGNATURE = Item(id="signed", text="被检查单位负责人签字", kind=ItemKind.SIGNATURE, needed=False)
FRONT = Item(id="front", text="门头或全景照片", kind=ItemKind.PHOTO, needed=False)
