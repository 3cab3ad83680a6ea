"""Frames out of a stream of bytes, whatever else is in it.

The stream is bounded: no more than one longest frame waits. Bytes that begin no frame come out as
`Garbage`, each once, so that what went in is what comes out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from zhen.gateways.gb26875.codec.dialects import DIALECTS, STANDARD, Dialect
from zhen.gateways.gb26875.codec.frames import END, HEAD, LONGEST, LONGEST_DATA, START, TAIL, Frame, decode

SHORTEST = HEAD + TAIL


@dataclass(frozen=True, slots=True)
class Garbage:
    """Bytes that belong to no frame."""

    raw: bytes


Piece = Frame | Garbage


class Splitter:
    """Feed it what arrives; take frames and garbage in their order.

    A frame ends where its length says, if an end mark stands there. Else its length is wrong, and it
    ends at the first end mark behind a checksum that holds. As long as more bytes could still make
    it right, it waits; `flush` stops waiting (nothing more came for a while, or the stream ended).
    """

    def __init__(self, dialect: Dialect | None = None) -> None:
        self._waiting = bytearray()
        self._garbage = bytearray()
        self._dialect = dialect

    @property
    def waiting(self) -> int:
        """Bytes that begin a frame whose end has not come."""
        return len(self._waiting)

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        for at in range(0, len(chunk), LONGEST):
            self._waiting += chunk[at : at + LONGEST]
            yield from self._take(final=False)

    def flush(self) -> Iterator[Piece]:
        """Everything that waits, as frames where possible and as garbage where not."""
        yield from self._take(final=True)

    def _take(self, *, final: bool) -> Iterator[Piece]:
        while self._waiting:
            self._skip_to_start(final=final)
            size = self._size(final=final)
            if size is None:
                break
            if size == 0:
                self._skip(1)
                continue
            yield from self._swept()
            raw = bytes(self._waiting[:size])
            del self._waiting[:size]
            yield decode(raw, self._dialect)
        yield from self._swept()

    def _skip_to_start(self, *, final: bool) -> None:
        """Sweep what stands before the next start mark. A single `@` at the end may be half of one."""
        start = self._waiting.find(START)
        if start < 0:
            start = len(self._waiting) - (not final and self._waiting.endswith(START[:1]))
        self._skip(start)

    def _size(self, *, final: bool) -> int | None:
        """How long the frame at the beginning is; 0: it is none; None: wait."""
        if len(self._waiting) < SHORTEST:
            return 0 if final and self._waiting else None
        for size in self._claimed():
            if self._ends_at(size):
                return size
            if not final and size > len(self._waiting):
                return None
        return self._by_checksum()

    def _claimed(self) -> Iterator[int]:
        """The sizes the length field says, in each order of bytes that devices write."""
        orders = {self._dialect.order} if self._dialect else {dialect.order for dialect in DIALECTS.values()}
        for order in sorted(orders, reverse=True):  # little first
            length = int.from_bytes(self._waiting[24:26], order)
            if length <= LONGEST_DATA:
                yield SHORTEST + length

    def _ends_at(self, size: int) -> bool:
        return self._waiting[size - len(END) : size] == END

    def _by_checksum(self) -> int:
        """The end of a frame with a wrong length: the first end mark whose checksum holds."""
        origin = (self._dialect or STANDARD).summed_from
        window = bytes(self._waiting[:LONGEST])
        total, counted = sum(window[origin : HEAD - 1]), HEAD - 1
        end = window.find(END, HEAD + 1)
        while end >= 0:
            total += sum(window[counted : end - 1])
            counted = end - 1
            if total & 0xFF == window[end - 1]:
                return end + len(END)
            end = window.find(END, end + 1)
        return 0

    def _skip(self, count: int) -> None:
        self._garbage += self._waiting[:count]
        del self._waiting[:count]

    def _swept(self) -> Iterator[Garbage]:
        for at in range(0, len(self._garbage), LONGEST):
            yield Garbage(bytes(self._garbage[at : at + LONGEST]))
        self._garbage.clear()
