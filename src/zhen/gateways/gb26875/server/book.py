"""What the centre needs to know, and what it has written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from zhen.gateways.gb26875.codec.dialects import Dialect
from zhen.gateways.gb26875.mapping import Part, Report


class Why(StrEnum):
    """Why something that arrived is kept raw, for a person to look at."""

    GARBAGE = "garbage"
    CHECKSUM = "checksum"
    SOURCE = "source"
    DATA = "data"
    COMMAND = "command"


@dataclass(frozen=True, kw_only=True)
class Terminal:
    """A registered transmission device (用户信息传输装置), as the centre sees it."""

    id: int
    code: str
    source: bytes
    dialect: Dialect | None = None
    networks: str = ""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Bytes that are no readings, kept as they came."""

    why: Why
    raw: bytes
    peer: str
    at: datetime
    source: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A sign of life of a terminal. `clock_error`: how far its clock is ahead; None: no time that exists."""

    terminal: Terminal
    peer: str
    at: datetime
    clock_error: timedelta | None


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back to an order: an acknowledgement, a refusal (`refused`), or data."""

    raw: bytes
    at: datetime
    refused: bool = False


class Book(Protocol):
    """The registry and the records. What it returned from is committed."""

    async def terminal(self, source: bytes) -> Terminal | None: ...
    async def codes(
        self, terminal: Terminal, reports: Sequence[Report], texts: Mapping[Part, str], now: datetime
    ) -> Mapping[Part, str]:
        """The device code of every part. Parts nobody has seen before are registered, to be placed by a person."""

    async def keep(self, kept: Kept) -> None: ...
    def heard(self, heard: Heard) -> None:
        """Written down soon, not at once: a lost sign of life is made up by the next."""

    async def duty_answered(self, terminal: Terminal, at: datetime) -> None: ...
