"""Two texts of one plan: what changed between them, and which findings stay. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；]+|\n|$)")
_BLANK = re.compile(r"\s+")

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Piece:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A stretch that is equal, removed, added, or replaced; `words` marks what changed inside a replacement."""

    kind: Literal["equal", "removed", "added", "replaced"]
    old: tuple[Piece, ...]
    new: tuple[Piece, ...]
    words: tuple[tuple[Literal["equal", "removed", "added"], str], ...] = ()


def sentences(text: str) -> tuple[Piece, ...]:
    """The sentences of a text with their offsets; blank ones are left out."""
    found = []
    for match in _SENTENCE.finditer(text):
        whole = match[0]
        if whole.strip():
            start = match.start() + len(whole) - len(whole.lstrip())
            found.append(Piece(start, match.start() + len(whole.rstrip()), whole.strip()))
    return tuple(found)


def compare(old: str, new: str) -> tuple[Change, ...]:
    """Sentence by sentence; differences of blanks alone do not count."""
    before, after = sentences(old), sentences(new)
    matcher = difflib.SequenceMatcher(
        None, [_key(p.text) for p in before], [_key(p.text) for p in after], autojunk=False
    )
    kinds: dict[str, Literal["equal", "removed", "added", "replaced"]] = {
        "equal": "equal",
        "delete": "removed",
        "insert": "added",
        "replace": "replaced",
    }
    changes = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        gone, come = before[i1:i2], after[j1:j2]
        words = words_between("".join(p.text for p in gone), "".join(p.text for p in come)) if tag == "replace" else ()
        changes.append(Change(kinds[tag], gone, come, words))
    return tuple(changes)


def words_between(old: str, new: str) -> tuple[tuple[Literal["equal", "removed", "added"], str], ...]:
    """What changed inside a replaced stretch, character by character."""
    parts: list[tuple[Literal["equal", "removed", "added"], str]] = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(("equal", old[i1:i2]))
            continue
        if i2 > i1:
            parts.append(("removed", old[i1:i2]))
        if j2 > j1:
            parts.append(("added", new[j1:j2]))
    return tuple(parts)


def align(old: Sequence[K], new: Sequence[K]) -> dict[int, int]:
    """Which of the new things is which of the old: new index → old index, in order, each at most once.

    What moved to another place of the text is still found, as long as it is there once.
    """
    pairs: dict[int, int] = {}
    for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        pairs.update({block.b + n: block.a + n for n in range(block.size)})
    left: dict[K, list[int]] = {}
    for index, key in enumerate(old):
        if index not in pairs.values():
            left.setdefault(key, []).append(index)
    for index, key in enumerate(new):
        if index not in pairs and len(left.get(key, ())) == 1:
            pairs[index] = left.pop(key)[0]
    return pairs


def _key(text: str) -> str:
    return _BLANK.sub("", text)
