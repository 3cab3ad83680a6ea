"""Web pages: the text of the body, one line for each block; scripts, styles and navigation are left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from zhen.kernel.plan.readers.source import Block
from zhen.kernel.plan.readers.txt import decode

_SKIPPED = frozenset(
    re.findall(r"\w+", "script style noscript template nav svg head button select iframe"),
)
_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body br caption"
        " dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header"
        " hr li main ol p pre section table tbody td tfoot th thead tr ul",
    )
)
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")


def blocks(data: bytes, file_name: str) -> tuple[str, tuple[Block, ...]]:
    parser = _Text()
    parser.feed(decode(data, file_name, _declared(data)))
    parser.close()
    parser.end_line()
    return "\n".join(parser.lines), tuple(_blocks(parser.lines))


def _declared(data: bytes) -> str | None:
    match = _CHARSET.search(data[:4096])
    if match is None:
        return None
    name = match[1].decode("ascii").lower()
    return "gb18030" if name in ("gb2312", "gbk") else name  # a superset that reads both


def _blocks(lines: list[str]) -> list[Block]:
    found: list[Block] = []
    position = 0
    for number, line in enumerate(lines, 1):
        found.append(Block(position, position + len(line), f"paragraph {number}"))
        position += len(line) + 1
    return found


class _Text(HTMLParser):
    """Collects lines; never fails on broken markup (HTMLParser is lenient)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._line: list[str] = []
        self._skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body":
            self._skipping.clear()  # the end of <head> may be left out
        if tag in _SKIPPED:
            self._skipping.append(tag)
        if tag in _BLOCKS:
            self.end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in self._skipping:
            del self._skipping[self._skipping.index(tag) :]
        if tag in _BLOCKS:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._line.append(data)

    def end_line(self) -> None:
        line = _SPACE.sub(" ", "".join(self._line)).strip(" ")
        self._line.clear()
        if line.strip():
            self.lines.append(line)
