"""How a promise compares: the words before and after a number that say =, >=, <=, >, ≈ or relative."""

from __future__ import annotations

import re

from .model import Comparator

_PER = r"(?:每(?:[一两百千万\d]*)[人户个名年月天日校村]{0,2}[均]?)*"
_LINK = r"(?:了|到|至|达到|达|在|为|是|出)?"

BEFORE: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    (
        ">=",
        re.compile(rf"(?:不(?:得|能)?(?:低于|少于|小于|下于)|至少|最少|最低|高于等于|大于等于|>=|≥){_LINK}{_PER}$"),
    ),
    (
        "<=",
        re.compile(
            rf"(?:不(?:得|能)?(?:超过|超|高于|多于|大于|突破)|至多|最多|小于等于|低于|少于|小于|<=|≤|<){_LINK}{_PER}$"
        ),
    ),
    (">", re.compile(rf"(?:突破|超过|超|高于|大于|多于|逾|跨越|跨过|冲破|>){_LINK}{_PER}$")),
    ("≈", re.compile(rf"(?:大约|大概|约|接近|近|基本(?:达到|实现|稳定在|保持在)?){_LINK}{_PER}$")),
)
"""Right before the number. "超每千人6.6批次" has its basis between 超 and 6.6."""

AFTER: tuple[tuple[Comparator, re.Pattern[str]], ...] = (
    ("≈", re.compile(r"\s?(?:左右|上下)")),
    ("<=", re.compile(r"\s?(?:及)?(?:以内|之内|以下|内(?=[，。；、）和\n]|$))")),
    (">=", re.compile(r"\s?(?:（[^）]{1,6}）)?(?:及|或)?(?:以上|之上|起(?=[，。；、）\n]|$))")),
)
_HELD = re.compile(r"(?:控制|压降|压减|限制|严控)(?:在|到|至)\S{0,2}$")
_BASIS = re.compile(
    r"(?:(?:比|较)(?:上年|去年|前年|往年|同期|上一年|前一年|基期|“[^”]+”|\d{4}年|[^，。；]{0,8}(?:时期|末|初|年))[^，。；]*"
    r"|(?:高于|低于|快于|高出|优于|好于|超过|领先)[^，。；]*(?:平均|全国|全省|全市|全区|全县|GDP|增速|经济增长|收入)[^，。；]*"
    r"|再(?:次)?(?:提高|提升|降低|下降|压降|压减|压缩|缩短|减少|增加|增长|上升|缩小|回落))$"
)
_OF_A_BASE = re.compile(r"(?P<word>不(?:得)?低于|不少于|不超过|不高于|超过|高于)[^，。；、]{1,24}的$")


def comparator(before: str, after: str) -> Comparator:
    """The comparator of a number from the text of its clause before it and after it.

    >>> comparator("地区生产总值增长", "左右"), comparator("控制在", "以内"), comparator("成交额突破", "")
    ('≈', '<=', '>')
    >>> comparator("再提高", ""), comparator("新建", "以上紧密型集团"), comparator("新建", "公园")
    ('relative', '>=', '=')
    """
    for word, pattern in AFTER:
        if pattern.match(after):
            return word
    basis = _BASIS.search(before)
    for word, pattern in BEFORE:
        found = pattern.search(before)
        if found and not (basis and basis.start() <= found.start() and word in (">", "<=")):
            return word
    of_base = _OF_A_BASE.search(before)
    if of_base:
        first = of_base["word"]
        return "<=" if first in ("不超过", "不高于") else ">=" if first.startswith("不") else ">"
    if basis:
        return "relative"
    if _HELD.search(before):
        return "<="
    return "="


def closes_with(after: str) -> Comparator | None:
    """The comparator right after a number, if any: after 分别 the last one governs the whole list."""
    return next((word for word, pattern in AFTER if pattern.match(after)), None)
