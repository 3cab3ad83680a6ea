"""The kinds of fields: how many bytes, and what they hold.

A kind reads a value from bytes and writes the same bytes back. Texts and times keep their raw bytes,
since devices pad and set them as they please.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from zhen.gateways.gb26875.codec.dialects import STANDARD, Dialect

TIME_SIZE = 6
TEXT_SIZE = 31


class Short(Exception):
    """There are fewer bytes left than the field needs."""


class Kind(Protocol):
    """How a field lies in the bytes. `size`: None where the field itself says how long it is."""

    @property
    def size(self) -> int | None: ...
    def read(self, data: bytes, at: int, dialect: Dialect) -> tuple[Any, int]: ...
    def write(self, value: Any, dialect: Dialect) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Stamp:
    """Six bytes of a device's clock: second, minute, hour, day, month, year − 2000."""

    raw: bytes

    @classmethod
    def of(cls, moment: datetime, dialect: Dialect = STANDARD) -> Stamp:
        """`moment` in the town's time, as it shall stand on the device's display."""
        if not 2000 <= moment.year <= 2099:
            raise ValueError(f"year {moment.year}: devices count from 2000 to 2099")
        numbers = (moment.second, moment.minute, moment.hour, moment.day, moment.month, moment.year - 2000)
        return cls(bytes(_to_bcd(number) if dialect.clock == "bcd" else number for number in numbers))

    def moment(self, dialect: Dialect = STANDARD) -> datetime | None:
        """The time as the device shows it (without a zone), or None where no such time exists."""
        return _moment(self.raw, dialect.clock == "bcd")


@lru_cache(maxsize=4096)
def _moment(raw: bytes, bcd: bool) -> datetime | None:
    try:
        second, minute, hour, day, month, year = (_from_bcd(byte) for byte in raw) if bcd else raw
        return datetime(2000 + year, month, day, hour, minute, second)  # noqa: DTZ001  the device knows no zone
    except ValueError:
        return None


def _to_bcd(number: int) -> int:
    return number // 10 << 4 | number % 10


def _from_bcd(byte: int) -> int:
    high, low = divmod(byte, 16)
    if high > 9 or low > 9:
        raise ValueError(byte)
    return high * 10 + low


@dataclass(frozen=True, slots=True)
class Text:
    """A text's raw bytes, with their padding."""

    raw: bytes

    @classmethod
    def of(cls, text: str, size: int, dialect: Dialect = STANDARD) -> Text:
        """`text`, cut at a whole character and padded with zeros to `size` bytes."""
        encoded = text.encode(dialect.charset, "replace")
        while len(encoded) > size:
            text = text[:-1]
            encoded = text.encode(dialect.charset, "replace")
        return cls(encoded.ljust(size, b"\0"))

    def read(self, dialect: Dialect = STANDARD) -> str:
        """Up to the first zero, without spaces around it. What cannot be read becomes U+FFFD."""
        if dialect.charset == "utf-16-le":
            return self.raw.decode(dialect.charset, "replace").split("\0", 1)[0].strip()
        return self.raw.split(b"\0", 1)[0].decode(dialect.charset, "replace").strip()


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number of one or two bytes."""

    size: int
    signed: bool = False

    @property
    def bounds(self) -> tuple[int, int]:
        bits = 8 * self.size
        return (-(1 << bits - 1), (1 << bits - 1) - 1) if self.signed else (0, (1 << bits) - 1)

    def read(self, data: bytes, at: int, dialect: Dialect) -> tuple[int, int]:
        end = _end(data, at, self.size)
        return int.from_bytes(data[at:end], dialect.order, signed=self.signed), end

    def write(self, value: int, dialect: Dialect) -> bytes:
        return value.to_bytes(self.size, dialect.order, signed=self.signed)


@dataclass(frozen=True, slots=True)
class Octets:
    """Bytes that are kept as they are: addresses, reserved bytes."""

    size: int

    def read(self, data: bytes, at: int, dialect: Dialect) -> tuple[bytes, int]:
        end = _end(data, at, self.size)
        return data[at:end], end

    def write(self, value: bytes, dialect: Dialect) -> bytes:
        return value


@dataclass(frozen=True, slots=True)
class Words:
    """A text in a fixed number of bytes."""

    size: int = TEXT_SIZE

    def read(self, data: bytes, at: int, dialect: Dialect) -> tuple[Text, int]:
        end = _end(data, at, self.size)
        return Text(data[at:end]), end

    def write(self, value: Text, dialect: Dialect) -> bytes:
        return value.raw


@dataclass(frozen=True, slots=True)
class CountedWords:
    """A text behind one byte with its length."""

    size: None = None

    def read(self, data: bytes, at: int, dialect: Dialect) -> tuple[Text, int]:
        start = _end(data, at, 1)
        end = _end(data, start, data[at])
        return Text(data[start:end]), end

    def write(self, value: Text, dialect: Dialect) -> bytes:
        return bytes((len(value.raw),)) + value.raw


@dataclass(frozen=True, slots=True)
class Time:
    """A device's clock."""

    size: int = TIME_SIZE

    def read(self, data: bytes, at: int, dialect: Dialect) -> tuple[Stamp, int]:
        end = _end(data, at, TIME_SIZE)
        return Stamp(data[at:end]), end

    def write(self, value: Stamp, dialect: Dialect) -> bytes:
        return value.raw


def _end(data: bytes, at: int, size: int) -> int:
    if at + size > len(data):
        raise Short
    return at + size
