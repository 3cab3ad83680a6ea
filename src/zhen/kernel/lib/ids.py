"""Ids that are known before the row is written, and that nobody can count through."""

from __future__ import annotations

import secrets
from uuid import UUID

from zhen.kernel.lib import clock


def new_id() -> UUID:
    """A UUID of version 7 (RFC 9562): rows written together lie together, 74 bits are random."""
    return timed_id(int(clock.now().timestamp() * 1000), secrets.randbits(74))


def timed_id(milliseconds: int, rest: int) -> UUID:
    """The UUID of version 7 with a given time and given random bits (for repeatable demo data)."""
    high, low = divmod(rest % (1 << 74), 1 << 62)
    return UUID(int=(milliseconds % (1 << 48)) << 80 | 7 << 76 | high << 64 | 0b10 << 62 | low)
