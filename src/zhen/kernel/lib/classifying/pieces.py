"""Cutting a text into what a model weighs: characters, words, fields of meaning."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np

from zhen.kernel.lib.classifying.fields import fields_in
from zhen.kernel.lib.text import fold

PIECES = 1  # the version of everything in this file: a model of another version cannot be read
LONGEST_TEXT = 2_000  # characters; what stands behind them says little more about what it is about
MOST_OF_CHARACTERS = 2  # longer runs of characters only repeated what words say (measured)

CHARACTERS, WORDS, FIELDS = 0, 1, 2
KINDS = 3

# Numbers and codes with a letter (A7, 12栋, 2020): that there is one says something, which one nothing.
_CODE = re.compile(r"[a-z]?\d+|(?<![a-z])[a-z](?=[市区县镇乡村路])")


class Piece(NamedTuple):
    kind: int
    key: str  # what is hashed
    shown: str  # what a person is shown: it stands in the text

    @property
    def slot(self) -> int:
        return _slot(self.kind, self.key)


@lru_cache(maxsize=50_000)  # a few thousand pieces make up most of what people write
def _slot(kind: int, key: str) -> int:
    return crc32(f"{kind}{key}".encode())


class Cut(NamedTuple):
    """Many texts as flat arrays; entry i is one piece of text `texts[i]`, entries ordered by text."""

    slots: np.ndarray  # uint32: the piece, hashed; the words themselves are not kept
    kinds: np.ndarray  # int8
    texts: np.ndarray  # int64
    values: np.ndarray  # float32: 1 + log(how often), for a field the square root
    total: int  # how many texts


def prepared(text: str) -> str:
    """Folded (width, case, traditional) with numbers masked."""
    return _CODE.sub("0", fold(text[:LONGEST_TEXT]))


def pieces_of(text: str) -> list[Piece]:
    """All pieces of a prepared text, each as often as it stands there."""
    found = [
        Piece(CHARACTERS, text[at : at + length], text[at : at + length])
        for length in range(1, MOST_OF_CHARACTERS + 1)
        for at in range(len(text) - length + 1)
    ]
    found += [Piece(WORDS, word, word) for word in _words(text)]
    found += [Piece(FIELDS, field, word) for field, word in fields_in(text)]
    return found


def cut(texts: Sequence[str]) -> Cut:
    slots: list[int] = []
    kinds: list[int] = []
    owners: list[int] = []
    counts: list[int] = []
    for number, text in enumerate(texts):
        for kind, counted in enumerate(_counted(prepared(text))):
            slots.extend([_slot(kind, key) for key in counted])
            counts.extend(counted.values())
            kinds.extend([kind] * len(counted))
            owners.extend([number] * len(counted))
    kind_of = np.array(kinds, dtype=np.int8)
    times = np.array(counts, dtype=np.float32)
    return Cut(
        slots=np.array(slots, dtype=np.uint32),
        kinds=kind_of,
        texts=np.array(owners, dtype=np.int64),
        values=np.where(kind_of == FIELDS, np.sqrt(np.minimum(times, 2)), 1 + np.log(np.maximum(times, 1))),
        total=len(texts),
    )


def _counted(text: str) -> tuple[Counter[str], Counter[str], Counter[str]]:
    """The same pieces as `pieces_of`, counted; kept apart because this one is called for every text."""
    characters: Counter[str] = Counter()
    for length in range(1, MOST_OF_CHARACTERS + 1):
        characters.update(text[at : at + length] for at in range(len(text) - length + 1))
    return characters, Counter(_words(text)), Counter(field for field, _word in fields_in(text))


def _words(text: str) -> list[str]:
    # Imported at first use: the dictionary takes 33 MB, in every process that imports the kernel.
    import rjieba

    return rjieba.cut(text)
