"""Folding text, so that a search finds what a person means."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Protocol


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """One form for all writings of the same: width, case, spaces, traditional and simplified.

    fold("長征鎮　ＡＢＣ") == fold("长征镇 abc"). The fold is for comparing, never for showing.
    """
    normal = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    return normal if normal.isascii() else _to_simplified().convert(normal)


@cache
def _to_simplified() -> _Converter:
    # Imported at first use: the dictionaries take memory that most processes never need.
    from opencc import OpenCC

    converter: _Converter = OpenCC("t2s")
    return converter
