"""How places are sorted and found by name. Pure."""

from __future__ import annotations

import re

from zhen.kernel.lib import pinyin

_ORDINAL = re.compile(r"(?<=第)(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?")
_VALUES = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def name_key(name: str) -> str:
    """The key a list of places is sorted by: pinyin, with 第二 before 第十."""
    return pinyin.sort_key(_ORDINAL.sub(_arabic, name))


def name_spellings(name: str) -> tuple[str, str]:
    """How people type the name: 梅岭北路 gives ("meilingbeilu", "mlbl")."""
    syllables, initials = pinyin.spell(name)
    return syllables[:300], initials[:100]


def _arabic(found: re.Match[str]) -> str:
    tens, ten, units = found.groups()
    if not ten and not units:
        return ""
    return str((10 * _VALUES.get(tens or "一", 0) if ten else 0) + _VALUES.get(units or "", 0))
