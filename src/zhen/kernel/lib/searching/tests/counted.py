"""A vocabulary counted from a few texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from zhen.kernel.lib.searching.folding import sound
from zhen.kernel.lib.searching.terms import is_chinese, terms_of
from zhen.kernel.lib.searching.tolerance import Pair


class Counted:
    def __init__(self, texts: Iterable[str]) -> None:
        counts = Counter(term for text in texts for term in terms_of([text]) if len(term) == 2 and is_chinese(term))
        self.pairs = [Pair(text=text, sound=sound(text), cases=count) for text, count in counts.items()]

    def known(self, pairs: Collection[str]) -> Mapping[str, int]:
        return {pair.text: pair.cases for pair in self.pairs if pair.text in pairs}

    def sounding(self, sounds: Collection[str]) -> Iterable[Pair]:
        return [pair for pair in self.pairs if pair.sound in sounds]

    def beside(self, first: Collection[str], last: Collection[str]) -> Iterable[Pair]:
        return [pair for pair in self.pairs if pair.text[0] in first or pair.text[1] in last]
