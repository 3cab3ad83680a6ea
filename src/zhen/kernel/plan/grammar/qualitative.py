"""Goals without a number that can still be judged: 与经济增长同步, 高于全国平均, 全覆盖, 完成下达任务."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .model import QualitativeKind, QualitativeTarget, Target
from .targets import DueFinder
from .text import clauses_of

_WHERE = "全国|全省|全市|全区|全县|上级|上年|地区|经济|城镇|国家|省|市|区|同期"
# 与主体工程同步建设 is no comparison, so no verb may follow 同步.
_PATTERNS: tuple[tuple[QualitativeKind, re.Pattern[str]], ...] = (
    (
        "synchronised",
        re.compile(r"(?:与|和|同)[^，。；]{2,20}(?:基本)?同步(?![做推开实规建设进加抓提部安])"),
    ),
    (
        "relative",
        re.compile(
            rf"(?:高于|快于|好于|优于|低于|不低于|不高于|领先于?)(?:{_WHERE})"
            r"[^，。；\d]{0,12}(?:平均|增速|增长|水平|收入|均值)"
        ),
    ),
    ("coverage", re.compile(r"全覆盖(?!开展|推|排|检|抽|监|开|实)|应([保收助帮享建接检养贷减纳改退种])尽\1")),
    (
        "assigned",
        re.compile(
            r"完成(?:国家|省|市|区|县|上级|年度)?[^，。；\d]{0,8}下达[^，。；\d]{0,8}(?:任务|目标|指标)"
            r"|(?:达到|完成)(?:国家|省|市|区|上级)(?:要求|目标|任务|标准)"
        ),
    ),
)


def find_qualitative(
    norm: str, text: str, ahead: Sequence[tuple[int, int]], targets: Sequence[Target], due: DueFinder
) -> tuple[QualitativeTarget, ...]:
    numbered = {(t.start, t.end) for t in targets}
    found: list[QualitativeTarget] = []
    for begin, end in ahead:
        for left, right in clauses_of(norm, begin, end):
            clause = norm[left:right]
            kind = next((k for k, p in _PATTERNS if p.search(clause)), None)
            if kind is None or (left, right) in numbered:
                continue
            found.append(
                QualitativeTarget(start=left, end=right, text=text[left:right], kind=kind, deadline=due(left, right))
            )
    return tuple(found)
