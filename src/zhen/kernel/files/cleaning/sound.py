"""WebM sound, as browsers record a voice: its tracks and their blocks are kept, everything that is said about it goes.

RFC 8794 (EBML) and RFC 9559 (Matroska): a file is a row of elements, each an id, a length and its content. A browser
writes while it records, so the segment and its clusters may have no length: they last until what cannot be in them.
"""

from __future__ import annotations

from typing import IO

from django.utils.translation import gettext as _

from zhen.kernel.files.cleaning.values import Cleaned, Unusable, spool

EBML, SEGMENT, CLUSTER, TRACKS, TRACK = 0x1A45DFA3, 0x18538067, 0x1F43B675, 0x1654AE6B, 0xAE
TRACK_TYPE, DOC_TYPE, INFO = 0x83, 0x4282, 0x1549A966
SOUND = 2
TIMESTAMP, SIMPLE_BLOCK, BLOCK_GROUP, POSITION, PREV_SIZE, CUES = 0xE7, 0xA3, 0xA0, 0xA7, 0xAB, 0x1C53BB6B
KEPT = frozenset((EBML, INFO, TRACKS, CUES, TIMESTAMP, SIMPLE_BLOCK, BLOCK_GROUP, POSITION, PREV_SIZE))
MOST_ELEMENTS = 400_000
MOST_HEAD = 1 << 16
"""Bytes of an element that is looked into."""


def clean(source: IO[bytes]) -> Cleaned:
    """The sound without tags, attachments and chapters. Raises Unusable where it is damaged, or holds pictures."""
    source.seek(0, 2)
    size, at, left = source.tell(), 0, MOST_ELEMENTS
    content = spool()
    tracks: set[int] = set()
    blocks = 0
    while at < size:
        left -= 1
        id_, length, start = _head(source, at, size)
        if left < 0:
            raise _damaged()
        if id_ in (SEGMENT, CLUSTER):  # containers: their content follows as elements of its own
            _copy(source, content, at, start - at)
            at = start
            continue
        if length is None or start + length > size:
            raise _damaged()
        if id_ == EBML and b"webm" not in _read(source, start, length):
            raise Unusable(_("it is no WebM sound"), _("Record it again here, or send it as MP4"))
        if id_ == TRACKS:
            tracks |= set(_types(source, start, start + length))
        blocks += id_ in (SIMPLE_BLOCK, BLOCK_GROUP)
        if id_ in KEPT:
            _copy(source, content, at, start + length - at)
        else:
            _blank(content, start + length - at)
        at = start + length
    if tracks - {SOUND}:
        raise Unusable(_("it holds more than sound"), _("Record a voice memo, or send the video as MP4"))
    if not tracks or not blocks:
        raise _damaged()
    content.seek(0)
    return Cleaned(content=content)


def _types(source: IO[bytes], at: int, end: int) -> list[int]:
    """The type of each track."""
    found = []
    while at < end:
        id_, length, start = _head(source, at, end)
        if length is None or start + length > end:
            raise _damaged()
        if id_ == TRACK:
            inner = start
            while inner < start + length:
                one, long, begin = _head(source, inner, start + length)
                if long is None or begin + long > start + length:
                    raise _damaged()
                if one == TRACK_TYPE:
                    found.append(int.from_bytes(_read(source, begin, long)))
                inner = begin + long
        at = start + length
    return found


def _head(source: IO[bytes], at: int, end: int) -> tuple[int, int | None, int]:
    """An element's id, the length of its content (None: unknown), and where that begins."""
    source.seek(at)
    head = source.read(min(12, end - at))
    width = 9 - head[0].bit_length() if head else 9
    if width > 4 or len(head) <= width or not head[width]:
        raise _damaged()
    id_ = int.from_bytes(head[:width])
    long = 9 - head[width].bit_length()
    raw = head[width : width + long]
    if len(raw) < long:
        raise _damaged()
    length = int.from_bytes(raw) & ((1 << (7 * long)) - 1)
    return id_, None if length == (1 << (7 * long)) - 1 else length, at + width + long


def _read(source: IO[bytes], start: int, length: int) -> bytes:
    if length > MOST_HEAD:
        raise _damaged()
    source.seek(start)
    return source.read(length)


def _copy(source: IO[bytes], target: IO[bytes], at: int, length: int) -> None:
    source.seek(at)
    left = length
    while left:
        piece = source.read(min(left, 1 << 16))
        target.write(piece)
        left -= len(piece)


def _blank(target: IO[bytes], length: int) -> None:
    """A void element of the same length, so that no position changes. An element has two bytes at least."""
    if length < 9:
        target.write(bytes((0xEC, 0x80 | (length - 2))) + bytes(length - 2))
        return
    target.write(bytes((0xEC, 0x01)) + (length - 9).to_bytes(7) + bytes(length - 9))


def _damaged() -> Unusable:
    return Unusable(_("the sound is damaged or incomplete"), _("Record it again"))
