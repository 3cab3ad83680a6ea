"""One frame: 27 bytes of head, the application data, checksum, end mark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum

from zhen.gateways.gb26875.codec.dialects import DIALECTS, STANDARD, Dialect
from zhen.gateways.gb26875.codec.wire import TIME_SIZE, Stamp

START, END = b"@@", b"##"
HEAD = 27
"""Bytes before the application data."""
TAIL = 3
LONGEST_DATA = 1024
LONGEST = HEAD + LONGEST_DATA + TAIL
ADDRESS_SIZE = 6
NOBODY = bytes(ADDRESS_SIZE)


class Command(IntEnum):
    """What a frame is for (other numbers occur and are kept)."""

    CONTROL = 1
    SEND = 2
    ACK = 3
    ASK = 4
    ANSWER = 5
    NAK = 6


class Unreadable(Exception):
    """Bytes that are no frame. Remedy: look at `offset`, where `field` holds `value`.

    Nothing is lost: who gave the bytes still has them.
    """

    def __init__(self, *, offset: int, field: str, value: object, reason: str) -> None:
        self.offset, self.field, self.value, self.reason = offset, field, value, reason
        super().__init__(f"byte {offset}, {field} “{value}”: {reason}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something in readable bytes that is not as the standard has it. `code` names the kind."""

    code: str
    offset: int
    field: str
    given: object
    expected: object

    def __str__(self) -> str:
        return f"byte {self.offset}, {self.field}: {self.given}, expected {self.expected} ({self.code})"


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """A frame, every byte of it.

    `declared`: the length it claims, where that is not the length of its data. `given_sum`: its
    checksum, where that is wrong. Both None in a proper frame, so that a changed frame gets new ones.
    """

    serial: int = 0
    version: tuple[int, int] = (1, 1)
    time: Stamp
    source: bytes = NOBODY
    destination: bytes = NOBODY
    command: int
    data: bytes = b""
    declared: int | None = None
    given_sum: int | None = None
    end: bytes = END
    dialect: Dialect = STANDARD

    @property
    def raw(self) -> bytes:
        """The bytes that were read; or those of a frame that was made."""
        order = self.dialect.order
        length = len(self.data) if self.declared is None else self.declared
        body = b"".join(
            (
                START,
                self.serial.to_bytes(2, order),
                bytes(self.version),
                self.time.raw,
                self.source,
                self.destination,
                length.to_bytes(2, order),
                bytes((self.command,)),
                self.data,
            )
        )
        total = checksum(body, self.dialect) if self.given_sum is None else self.given_sum
        return body + bytes((total,)) + self.end

    @property
    def proper_sum(self) -> int:
        return checksum(self.raw[: HEAD + len(self.data)], self.dialect)

    @property
    def is_sound(self) -> bool:
        """Whether the checksum holds, so that the frame may be believed."""
        return self.given_sum is None

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(_findings(self))

    def reply(self, command: Command, *, now: datetime) -> Frame:
        """An acknowledgement or refusal: the same serial and version, addresses swapped, no data."""
        return replace(
            self,
            time=Stamp.of(now, self.dialect),
            source=self.destination,
            destination=self.source,
            command=command,
            data=b"",
            declared=None,
            given_sum=None,
            end=END,
        )


def checksum(body: bytes, dialect: Dialect = STANDARD) -> int:
    """The sum of a frame's bytes up to its checksum, modulo 256."""
    return sum(body[dialect.summed_from :]) & 0xFF


def decode(raw: bytes, dialect: Dialect | None = None) -> Frame:
    """Read one whole frame, from its start mark to its end. `dialect` None: recognised.

    Wrong lengths, checksums and end marks are kept and told by `findings`; only what has no frame's
    shape at all is refused.
    """
    _refuse_shapeless(raw)
    dialect = recognise(raw) if dialect is None else dialect
    order = dialect.order
    data, total = raw[HEAD:-TAIL], raw[-TAIL]
    declared = int.from_bytes(raw[24:26], order)
    return Frame(
        serial=int.from_bytes(raw[2:4], order),
        version=(raw[4], raw[5]),
        time=Stamp(raw[6 : 6 + TIME_SIZE]),
        source=raw[12:18],
        destination=raw[18:24],
        command=raw[26],
        data=data,
        declared=None if declared == len(data) else declared,
        given_sum=None if total == checksum(raw[:-TAIL], dialect) else total,
        end=raw[-2:],
        dialect=dialect,
    )


def recognise(raw: bytes) -> Dialect:
    """The dialect in which length and checksum both hold; the standard where none does."""
    return next((dialect for dialect in DIALECTS.values() if _agrees(raw, dialect)), STANDARD)


def _agrees(raw: bytes, dialect: Dialect) -> bool:
    return int.from_bytes(raw[24:26], dialect.order) == len(raw) - HEAD - TAIL and raw[-TAIL] == checksum(
        raw[:-TAIL], dialect
    )


def _refuse_shapeless(raw: bytes) -> None:
    if raw[:2] != START:
        raise Unreadable(offset=0, field="start mark", value=raw[:2].hex(" "), reason="a frame begins with 40 40")
    if len(raw) < HEAD + TAIL:
        raise Unreadable(
            offset=len(raw),
            field="frame",
            value=f"{len(raw)} bytes",
            reason=f"the shortest frame has {HEAD + TAIL} bytes",
        )


def _findings(frame: Frame) -> list[Finding]:
    found = []
    size = len(frame.data)
    if frame.declared is not None:
        found.append(Finding(code="length", offset=24, field="length", given=frame.declared, expected=size))
    if size > LONGEST_DATA:
        found.append(Finding(code="long", offset=24, field="length", given=size, expected=f"at most {LONGEST_DATA}"))
    if frame.given_sum is not None:
        found.append(
            Finding(
                code="checksum",
                offset=HEAD + size,
                field="checksum",
                given=f"{frame.given_sum:02X}",
                expected=f"{frame.proper_sum:02X}",
            )
        )
    if frame.end != END:
        given = frame.end.hex(" ").upper()
        found.append(Finding(code="end", offset=HEAD + size + 1, field="end mark", given=given, expected="23 23"))
    if frame.time.moment(frame.dialect) is None:
        given = frame.time.raw.hex(" ").upper()
        found.append(Finding(code="time", offset=6, field="time", given=given, expected="a date and time"))
    if frame.command not in set(Command) and frame.command < 128:
        found.append(Finding(code="command", offset=26, field="command", given=frame.command, expected="1 to 6"))
    return found
