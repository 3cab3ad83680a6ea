"""Folding text character by character, and how a piece of Chinese sounds.

`lib.text.fold` looks at whole phrases, so a part of a text may fold otherwise than the whole. Here every character
folds for itself: what is part of a text stays part of the folded text.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"))
"""What many people in the lower Yangtze do not tell apart when they type."""


def fold(text: str) -> str:
    """One form for all writings of the same: width, case, traditional and simplified. Length may change."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_simplified())


def fold_with_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its characters the place of the character it came from."""
    parts = [fold(char) for char in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _char in part]


@cache
def _simplified() -> Mapping[int, str]:
    lines = files("opencc").joinpath("dictionary", "TSCharacters.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    # Where one character has several, the first is the usual one.
    table = {ord(written): meant.split()[0] for written, meant in pairs}
    return {code: table.get(ord(char), char) for code, char in table.items()}


@lru_cache(maxsize=50_000)
def sound(piece: str) -> str:
    """How a piece of Chinese sounds, syllable by syllable, without tones, what sounds alike as one: "jin gai"."""
    # Imported at first use: the phrase table takes memory that most processes never need.
    from pypinyin import lazy_pinyin

    return " ".join(_plain(syllable) for syllable in lazy_pinyin(piece))


def _plain(syllable: str) -> str:
    for one, other in _ALIKE:
        if (one.endswith("h") and syllable.startswith(one)) or (one.endswith("g") and syllable.endswith(one)):
            syllable = syllable.replace(one, other)
    return syllable
