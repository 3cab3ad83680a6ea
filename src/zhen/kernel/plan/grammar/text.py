"""The text under the grammar: one spelling for every sign, and the way a plan is divided.

Normalisation replaces each character by exactly one character, so that every offset found in the
normalised text is an offset of the text as it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .model import Heading

_HALF = "".join(chr(c) for c in range(0x21, 0x7F))
_FULL = "".join(chr(c + 0xFEE0) for c in range(0x21, 0x7F))
# Letters, digits and signs that stand inside numbers become half-width; brackets and stops full-width.
_KEEP_FULL = set("（），；：！？")
_SPELLINGS = {
    "（": "(〔［[", "）": ")〕］]", "；": ";﹔", "！": "!", "？": "?", "%": "﹪", "零": "〇○", "：": "︰∶",
    " ": "\u3000\xa0\u2002\u2003\u2009",
}  # fmt: skip
_TABLE: dict[int, int] = {ord(f): ord(h) for f, h in zip(_FULL, _HALF, strict=True) if f not in _KEEP_FULL} | {
    ord(other): ord(sign) for sign, others in _SPELLINGS.items() for other in others
}
_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
_COLON = re.compile(r":(?!//)")


def normalise(text: str) -> str:
    """One spelling per sign, same length.

    >>> normalise("增长６．５％(预计),年内")
    '增长6.5%（预计），年内'
    """
    flat = text.translate(_TABLE)
    flat = _COMMA.sub("，", flat)
    flat = _COLON.sub("：", flat)  # but not in an address
    if '"' in flat:
        flat = _straight_quotes(flat)
    return flat.replace("\r", "\n")


def _straight_quotes(text: str) -> str:
    """Turn straight quotes into pairs, line by line: a lost one must not quote the rest of the plan."""
    lines = text.split("\n")
    for i, line in enumerate(lines):
        if '"' in line:
            parts = line.split('"')
            joined = parts[0]
            for n, part in enumerate(parts[1:]):
                joined += ("“" if n % 2 == 0 else "”") + part
            lines[i] = joined
    return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the document without its blank edges. `body` is where the text after its number starts;
    `heading_end` is where a heading in it ends (`start` where the line has no heading)."""

    start: int
    end: int
    body: int
    level: int | None
    heading_end: int


_CN = "一二三四五六七八九十百零"
_NUMBERINGS: tuple[tuple[int, re.Pattern[str]], ...] = (
    (0, re.compile(rf"第[{_CN}\d]+(?:篇|编|部分)[\s：、]*")),
    (1, re.compile(rf"第[{_CN}\d]+章[\s：、]*")),
    (2, re.compile(rf"第[{_CN}\d]+节[\s：、]*")),
    (3, re.compile(rf"[{_CN}]{{1,4}}[、.．]\s*")),
    (4, re.compile(rf"（[{_CN}]{{1,4}}）[、.]?\s*")),
    (5, re.compile(r"\d{1,3}(?:[.、](?!\d)|[.](?=\d{4}年)|）|\s+(?=[^\d\s年月日%.]))\s*")),
    (6, re.compile(r"(?:（\d{1,3}）|[①-⑳⑴-⒇])[、.]?\s*")),
)
_SENTENCE_END = re.compile(r"[。！？]")
_LONGEST_HEADING = 80


def lines_of(norm: str) -> tuple[Line, ...]:
    """The document's non-empty lines, with the heading that each may open with."""
    found: list[Line] = []
    position = 0
    for raw in norm.split("\n"):
        start = position + len(raw) - len(raw.lstrip())
        end = position + len(raw.rstrip())
        position += len(raw) + 1
        if end > start:
            found.append(_line(norm, start, end))
    return tuple(found)


def _line(norm: str, start: int, end: int) -> Line:
    for level, pattern in _NUMBERINGS:
        match = pattern.match(norm, start, end)
        if match is None:
            continue
        stop = _SENTENCE_END.search(norm, match.end(), end)
        heading_end = stop.start() if stop else end
        if heading_end - start > _LONGEST_HEADING:
            heading_end = start
        return Line(start, end, match.end(), level, heading_end)
    return Line(start, end, start, None, start)


_TOPIC_LONGEST = 34
_TOPIC_OUT = re.compile(r"[，；：\d]|^(?:现在|各位|同时|此外|另外)")


def topic_of(norm: str, line: Line) -> Heading | None:
    """The topic sentence of a paragraph: its short first sentence, when others follow.

    "深化国资国企改革。推进…，完善…。" has the topic "深化国资国企改革".
    """
    if line.level is not None and line.heading_end == line.start:
        return None
    begin = line.start if line.level is None else line.body
    stop = _SENTENCE_END.search(norm, begin, line.end)
    if stop is None or norm[stop.start()] != "。" or stop.end() >= line.end:
        return None
    text = norm[begin : stop.start()]
    if not 4 <= len(text) <= _TOPIC_LONGEST or _TOPIC_OUT.search(text):
        return None
    return Heading(start=begin, end=stop.start(), text=text, level=7)


_STOP = "，；：。！？\n\t|"
_OPEN = {"（": "）", "“": "”", "《": "》", "「": "」", "【": "】", "‘": "’", "『": "』"}
_CLOSE = {close: open_ for open_, close in _OPEN.items()}
_REACH = 240  # no clause of a plan is longer; a bound keeps a text without stops linear


def clause_around(norm: str, start: int, end: int) -> tuple[int, int]:
    """The clause between punctuation marks around a span. A bracket or quotation that the span does not
    stand in is stepped over; one that it stands in bounds it."""
    left = start
    floor = max(0, start - _REACH)
    while left > floor:
        sign = norm[left - 1]
        if sign in _STOP or sign in "（【":
            break
        if sign in "）】”》":
            opened = norm.rfind(_CLOSE[sign], max(floor, left - 120), left - 1)
            if opened > 0 and "\n" not in norm[opened:left]:
                left = opened
                continue
        left -= 1
    right = end
    ceiling = min(len(norm), end + _REACH)
    while right < ceiling:
        sign = norm[right]
        if sign in _STOP or sign in "）】":
            break
        if sign in "（【“《":
            closed = norm.find(_OPEN[sign], right + 1, min(ceiling, right + 120))
            if closed > 0 and "\n" not in norm[right:closed]:
                right = closed + 1
                continue
        right += 1
    while left < start and norm[left] in " \u3000":
        left += 1
    while right > end and norm[right - 1] == " ":
        right -= 1
    return left, right


def clauses_of(norm: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The clauses of a stretch of text in order; brackets and quotations are not cut."""
    begin = i = start
    while i < end:
        sign = norm[i]
        if sign in _OPEN and sign != "‘":
            closed = norm.find(_OPEN[sign], i + 1, min(end, i + 120))
            if closed > 0:
                i = closed + 1
                continue
        if sign in _STOP:
            if i > begin:
                yield begin, i
            begin = i + 1
        i += 1
    if end > begin:
        yield begin, end


_SENTENCE_STOP = re.compile(r"[。！？\n]")


def sentence_around(norm: str, start: int, end: int) -> tuple[int, int]:
    """The sentence around a span, within its line and within reach."""
    floor = max(0, start - _REACH)
    left = max(norm.rfind(sign, floor, start) for sign in "。！？\n")
    ceiling = min(len(norm), end + _REACH)
    stop = _SENTENCE_STOP.search(norm, end, ceiling)
    return left + 1 if left >= 0 else floor, stop.start() if stop else ceiling
