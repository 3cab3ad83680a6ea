"""A plan's text as a page: lines of segments, each knowing which spans cover it. Pure.

Spans may nest and cross; flat segments render either. The text of all segments, line by line, is the text
itself, so that offsets on the page are offsets of the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

Layer = Literal["measure", "target", "goal", "number", "topic"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with a meaning. `state` colours it, `url` opens it."""

    start: int
    end: int
    layer: Layer
    id: int
    state: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the text; `level` 0 is a chapter."""

    start: int
    end: int
    level: int
    id: int


@dataclass(slots=True)
class Segment:
    """A run of text covered by the same spans throughout. `ends` are the spans whose last run this is."""

    start: int
    text: str
    spans: tuple[Span, ...] = ()
    ends: tuple[Span, ...] = ()

    def of(self, *layers: Layer) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.layer in layers)

    @property
    def measures(self) -> tuple[Span, ...]:
        return self.of("measure")

    @property
    def targets(self) -> tuple[Span, ...]:
        return self.of("target", "goal")

    @property
    def inner(self) -> Span | None:
        """The span that a click means: a target before the measure around it."""
        marked = self.targets or self.measures
        return min(marked, key=lambda span: span.end - span.start, default=None)

    @property
    def is_number(self) -> bool:
        return bool(self.of("number"))

    @property
    def is_topic(self) -> bool:
        return bool(self.of("topic"))

    @property
    def is_first(self) -> bool:
        return self.inner is not None and self.inner.start == self.start


@dataclass(slots=True)
class Line:
    """A line of the text: a paragraph, or a heading with the section's id."""

    start: int
    kind: Literal["p", "h2", "h3"] = "p"
    section: int | None = None
    segments: list[Segment] = field(default_factory=list)


def lines_of(text: str, spans: Iterable[Span], headings: Iterable[Heading] = ()) -> list[Line]:
    """The lines of a text that are not blank, cut into segments. Linear in the text and its spans, but for sorting."""
    heads = {heading.start: heading for heading in headings}
    ordered = sorted(spans, key=lambda span: (span.start, -span.end))
    lines: list[Line] = []
    at = 0
    position = 0
    open_: list[Span] = []
    for raw in text.splitlines(keepends=True):
        start, end = position, position + len(raw.rstrip("\r\n"))
        position += len(raw)
        while at < len(ordered) and ordered[at].start < end:
            open_.append(ordered[at])
            at += 1
        open_ = [span for span in open_ if span.end > start]
        if not raw.strip():
            continue
        lines.append(_line(text, start, end, open_, heads))
    return lines


def _line(text: str, start: int, end: int, spans: Sequence[Span], heads: dict[int, Heading]) -> Line:
    first = start + len(text[start:end]) - len(text[start:end].lstrip())
    heading = heads.get(first)
    whole = heading is not None and heading.end >= start + len(text[start:end].rstrip())
    line = Line(start=start)
    if heading is not None and whole:
        line.kind, line.section = ("h2" if heading.level == 0 else "h3"), heading.id
    cuts = {start, end}
    for span in spans:
        cuts.update(cut for cut in (span.start, span.end) if start < cut < end)
    edges = sorted(cuts)
    for left, right in pairwise(edges):
        cover = tuple(span for span in spans if span.start <= left and right <= span.end)
        ends = tuple(span for span in cover if span.end == right)
        line.segments.append(Segment(left, text[left:right], cover, ends))
    return line
