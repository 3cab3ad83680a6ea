"""What a person types into a search box, as words to look for."""

from __future__ import annotations

from dataclasses import dataclass

from zhen.kernel.lib.searching.folding import fold
from zhen.kernel.lib.searching.terms import is_chinese, runs_of, terms_to_find

LONGEST_QUERY = 100
MOST_WORDS = 8
_EMPTY = frozenset("的了着过是在有和与及等被把将我你他她它们这那吗呢啊吧请个")
"""Characters that carry no meaning alone; they are looked for only where nothing else was typed."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A query. `text` is folded; `runs` are its unbroken parts; `words` must all be found, in any order."""

    text: str
    runs: tuple[str, ...]
    words: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.words)


def ask(query: str) -> Asked:
    """Fold a query and cut it into words. A query without a letter, digit or Chinese character asks nothing."""
    text = " ".join(fold(query[:LONGEST_QUERY]).split())
    runs = runs_of(text)
    words = list(dict.fromkeys(word for run in runs for word in _cut(run)))
    telling = [word for word in words if word not in _EMPTY]
    return Asked(text=text, runs=tuple(dict.fromkeys(runs)), words=tuple((telling or words)[:MOST_WORDS]))


def _cut(run: str) -> list[str]:
    if not is_chinese(run) or len(run) <= 2:
        return [run]
    # Imported at first use: the dictionary takes memory that most processes never need.
    import rjieba

    return [word for word in rjieba.cut(run) if word.strip()]


def required(words: tuple[str, ...]) -> tuple[str, ...]:
    """The terms of all words: a text without one of them does not hold all the words."""
    return tuple(dict.fromkeys(term for word in words for term in terms_to_find(word)))
