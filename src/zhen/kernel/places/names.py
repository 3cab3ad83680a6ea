"""How places are sorted and found by name. Pure."""

from __future__ import annotations

import re

from pypinyin import Style, lazy_pinyin

from zhen.kernel.lib.pinyin import sort_key

_DIGITS = re.compile(r"\d{1,20}")
_ORDINAL = re.compile(r"(?<=第)(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?")
_VALUES = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def name_key(name: str) -> str:
    """The key a list of places is sorted by: pinyin, with 第二 before 第十 and 9号 before 12号."""
    arabic = _ORDINAL.sub(_arabic, name)
    return sort_key(_DIGITS.sub(lambda found: found[0].rjust(8, "0"), arabic))


def name_initials(name: str) -> str:
    """The first letters of the syllables as people type them: 梅岭北路 gives mlbl. Other characters stay."""
    return "".join(lazy_pinyin(name.strip(), style=Style.FIRST_LETTER)).lower().replace(" ", "")[:200]


def _arabic(found: re.Match[str]) -> str:
    tens, ten, units = found.groups()
    if not ten and not units:
        return ""
    return str((10 * _VALUES.get(tens or "一", 0) if ten else 0) + _VALUES.get(units or "", 0))
