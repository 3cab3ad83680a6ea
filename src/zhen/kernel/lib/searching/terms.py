"""The terms of a text, and their keys: what the index holds.

A Chinese run gives its characters and its pairs of neighbours; anything else gives its words. Each term becomes a
32-bit key for the week in which the case was received: a common word then has a short list of rows in each week, and
a search reads the newest weeks until its page is full.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zlib import crc32

from zhen.kernel.lib.searching.folding import fold

LONGEST_TEXT = 3_000
MOST_TERMS = 1_500
LONGEST_WORD = 32
WEEK = timedelta(days=7)
FIRST_DAY = datetime(2000, 1, 3, tzinfo=UTC)
_WEEK_BITS, TERM_BITS = 12, 20
"""A key holds the week in its upper bits and the term in the lower ones."""
CHINESE = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
_RUN = re.compile(rf"[{CHINESE}]+|[^\W_{CHINESE}]+")


def is_chinese(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u4dbf" or "\u4e00" <= run[0] <= "\u9fff" or "\U00020000" <= run[0] <= "\U0003ffff"


def runs_of(folded: str) -> list[str]:
    """The Chinese runs and the other words of a folded text, in its order."""
    return _RUN.findall(folded)


def pairs_of(run: str) -> list[str]:
    """The pairs of neighbouring characters of a Chinese run."""
    return ["".join(pair) for pair in pairwise(run)]


def terms_of(texts: Iterable[str]) -> frozenset[str]:
    """All terms of some texts; what lies beyond LONGEST_TEXT characters or MOST_TERMS terms is not found by search."""
    found: dict[str, None] = {}
    for run in runs_of(fold("\n".join(texts)[:LONGEST_TEXT])):
        if is_chinese(run):
            found.update(dict.fromkeys(pairs_of(run)))
            found.update(dict.fromkeys(run))
        else:
            found[run[:LONGEST_WORD]] = None
    return frozenset(list(found)[:MOST_TERMS])


def terms_to_find(word: str) -> tuple[str, ...]:
    """The terms that every text has in which a folded word stands: its pairs, or itself where it has none."""
    found: list[str] = []
    for run in runs_of(word):
        found.extend((pairs_of(run) or [run]) if is_chinese(run) else [run[:LONGEST_WORD]])
    return tuple(dict.fromkeys(found))


def week_of(at: datetime) -> int:
    """The number of a moment's week, counted from Monday 3 January 2000; what lies outside 78 years is cut to them."""
    return min(max((at - FIRST_DAY) // WEEK, 0), (1 << _WEEK_BITS) - 1)


def number_of(term: str) -> int:
    """The part of a key that stands for the term. Two terms may share one: what is found is read again."""
    return crc32(term.encode()) & ((1 << TERM_BITS) - 1)


def keys_of(terms: Iterable[str], week: int) -> list[int]:
    """The sorted keys of terms in a week, as signed 32-bit integers. The week stands in the upper bits.

    Writing therefore touches one corner of the index, which stays in memory.
    """
    base = week << TERM_BITS
    return sorted({_signed(base | number_of(term)) for term in terms})


def _signed(key: int) -> int:
    return key - (1 << 32) if key >= 1 << 31 else key


def key_sql(week: str, terms: Sequence[str]) -> str:
    """A PostgreSQL expression for the array of the terms' keys in the week that the expression `week` gives.

    It holds numbers that we made and nothing that a person typed.
    """
    keys = ", ".join(f"(({week}) << {TERM_BITS}) | {number_of(term)}" for term in terms)
    return f"ARRAY[{keys}]::integer[]"
