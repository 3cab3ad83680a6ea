"""Chinese order and pinyin look-up without a database that knows Chinese.

No wheel of PostgreSQL carries ICU, so every name that people sort keeps a key beside it. Give the
key's column `db_collation="C"`: the key is made to be compared byte by byte.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

KEY_LENGTH = 300
"""Keys are cut to this length; what differs later hardly matters for order."""

SURNAMES = {
    "曾": "zeng1",
    "单": "shan4",
    "單": "shan4",
    "仇": "qiu2",
    "查": "zha1",
    "解": "xie4",
    "任": "ren2",
    "区": "ou1",
    "區": "ou1",
    "盖": "ge3",
    "蓋": "ge3",
    "朴": "piao2",
    "翟": "zhai2",
    "华": "hua4",
    "華": "hua4",
    "燕": "yan1",
    "纪": "ji3",
    "紀": "ji3",
    "尉": "wei4",
    "冼": "xian3",
    "乐": "yue4",
    "樂": "yue4",
    "缪": "miao4",
    "繆": "miao4",
    "宓": "fu2",
    "黑": "he4",
    "折": "she2",
    "员": "yun4",
    "員": "yun4",
    "尉迟": "yu4 chi2",
    "尉遲": "yu4 chi2",
    "万俟": "mo4 qi2",
    "萬俟": "mo4 qi2",
    "澹台": "tan2 tai2",
    "长孙": "zhang3 sun1",
    "長孫": "zhang3 sun1",
    "单于": "chan2 yu2",
    "單于": "chan2 yu2",
}
"""Surnames that are read otherwise than the same characters in common words."""

_PARTS = re.compile(r"([0-9]+)|([\u3400-\u9fff\U00020000-\U0003ffff]+)|([^0-9\u3400-\u9fff\U00020000-\U0003ffff]+)")


def sort_key(text: str, *, person: bool = False) -> str:
    """A key whose byte order is Chinese dictionary order.

    Character by character: syllable, tone, then the character itself, so that 张 stays together
    and before 章 (GB/T 13418-1992). Numbers sort by value: 2号楼 before 10号楼. `person` reads the
    first characters as a surname: 曾祥 as zeng, not ceng.
    """
    parts: list[str] = []
    for number, chinese, other in _PARTS.findall(unicodedata.normalize("NFKC", text).casefold()):
        if number:
            digits = number.lstrip("0") or "0"
            parts.append(f"{min(len(digits), 99):02d}{digits}")
        elif chinese:
            first = person and not parts
            parts.extend(f"{syllable}{char}" for syllable, char in zip(_read(chinese, first), chinese, strict=True))
        elif other.strip():
            parts.append(" ".join(other.split()))
    return " ".join(parts)[:KEY_LENGTH]


def spell(text: str, *, person: bool = False) -> tuple[str, str]:
    """How people type a name: the syllables without tones, and their initials: ("zhangsan", "zs")."""
    syllables: list[str] = []
    for number, chinese, other in _PARTS.findall(unicodedata.normalize("NFKC", text).casefold()):
        if chinese:
            first = person and not syllables
            syllables.extend(syllable.rstrip("12345") for syllable in _read(chinese, first))
        else:
            syllables.extend((number or other).split())
    return "".join(syllables), "".join(syllable[:1] for syllable in syllables)


def _read(chinese: str, person: bool) -> list[str]:
    """One syllable with its tone for each character."""
    if not person or len(chinese) < 2:
        return list(_syllables(chinese))
    two = SURNAMES.get(chinese[:2])
    if two:
        return [*two.split(), *_syllables(chinese[2:])]
    # Surname and given name are read apart: together they may look like a common word.
    one = SURNAMES.get(chinese[0])
    return [*((one,) if one else _syllables(chinese[0])), *_syllables(chinese[1:])]


@lru_cache(maxsize=50_000)
def _syllables(chinese: str) -> tuple[str, ...]:
    if not chinese:
        return ()
    # Imported at first use: the phrase table takes memory that most processes never need.
    from pypinyin import Style, lazy_pinyin

    found = lazy_pinyin(chinese, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False, errors=_unread)
    return tuple(found) if len(found) == len(chinese) else tuple(_one(char) for char in chinese)


def _one(char: str) -> str:
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(char, style=Style.TONE3, neutral_tone_with_five=True, errors=_unread)[0]


def _unread(_chars: str) -> str:
    """Characters without a known reading sort after all others, by code point.

    pypinyin calls this once for a run of them; `_syllables` then reads one by one.
    """
    return "~"
