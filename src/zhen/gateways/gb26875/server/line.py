"""A way to one device: a TCP connection, or the address its datagrams come from."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field

from zhen.gateways.gb26875.codec.frames import Frame


@dataclass(kw_only=True, eq=False)
class Line:
    """`last` is the newest sound frame that came in: replies and orders take addresses and form from it."""

    peer: str
    send: Callable[[bytes], Awaitable[None]]
    last: Frame | None = None
    open: bool = True
    serials: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def next_serial(self) -> int:
        return next(self.serials) & 0xFFFF
