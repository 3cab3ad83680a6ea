"""MP4 videos and sound: kept as they are, but for what they say about place, device and maker.

ISO/IEC 14496-12: a file is a row of boxes, each a length, a type and its content; some hold boxes in turn.
Boxes of user data and of metadata are turned into `free` boxes of the same length, filled with zeros, so
that no offset into the pictures changes.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from django.utils.translation import gettext as _

from zhen.kernel.files.cleaning.values import Cleaned, Unusable, spool

MOST_BOXES = 20_000
MOST_DEPTH = 6
_CONTAINERS = frozenset((b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf", b"edts", b"dinf"))
_TELLING = frozenset((b"udta", b"meta", b"uuid"))


@dataclass(frozen=True)
class Box:
    type: bytes
    start: int
    content: int
    """Where the content begins; `start` is where the box does."""
    end: int


def clean(source: IO[bytes]) -> Cleaned:
    """The video without user data and metadata. Raises Unusable where its boxes do not fit."""
    content = spool()
    source.seek(0)
    shutil.copyfileobj(source, content)
    size = content.tell()
    found = list(_walk(content, 0, size, 0, [MOST_BOXES]))
    outermost = {box.type for box in found if box.start == 0 or box.type in (b"moov", b"mdat")}
    if not {b"ftyp", b"moov", b"mdat"} <= outermost:
        raise _damaged()
    for box in found:
        if box.type in _TELLING:
            _blank(content, box)
    content.seek(0)
    return Cleaned(content=content)


def shows_nothing(source: IO[bytes]) -> bool:
    """Whether all its tracks are sound (`hdlr`, ISO/IEC 14496-12, 8.4.3). Raises Unusable."""
    source.seek(0, 2)
    handlers = set()
    for box in _walk(source, 0, source.tell(), 0, [MOST_BOXES]):
        if box.type == b"hdlr":
            source.seek(box.content + 8)
            handlers.add(source.read(4))
    return handlers == {b"soun"}


def _walk(file: IO[bytes], start: int, end: int, depth: int, left: list[int]) -> Iterator[Box]:
    """All boxes between two offsets; what tells is not looked into, because it goes as a whole."""
    while start < end:
        box = _box(file, start, end)
        left[0] -= 1
        if left[0] < 0:
            raise _damaged()
        yield box
        if box.type in _CONTAINERS:
            if depth == MOST_DEPTH:
                raise _damaged()
            yield from _walk(file, box.content, box.end, depth + 1, left)
        start = box.end


def _box(file: IO[bytes], start: int, end: int) -> Box:
    file.seek(start)
    head = file.read(16)
    if len(head) < 8:
        raise _damaged()
    length, type_ = struct.unpack(">I4s", head[:8])
    content = start + 8
    if length == 1:
        if len(head) < 16:
            raise _damaged()
        (length,) = struct.unpack(">Q", head[8:16])
        content = start + 16
    elif length == 0:
        length = end - start
    if not content - start <= length <= end - start:
        raise _damaged()
    return Box(type=type_, start=start, content=content, end=start + length)


def _blank(file: IO[bytes], box: Box) -> None:
    file.seek(box.start + 4)
    file.write(b"free")
    file.seek(box.content)
    left = box.end - box.content
    while left:
        step = min(left, 1 << 16)
        file.write(bytes(step))
        left -= step


def _damaged() -> Unusable:
    return Unusable(_("the video is damaged or incomplete"), _("Save or record it again as MP4, and send that"))
