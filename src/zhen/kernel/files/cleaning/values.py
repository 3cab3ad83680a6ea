"""What cleaning gives, and why it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, cast

from django.utils.functional import Promise

Text = str | Promise
IN_MEMORY = 1 << 20

if TYPE_CHECKING:
    _Spooled = SpooledTemporaryFile[bytes]
else:
    _Spooled = SpooledTemporaryFile


class _Spool(_Spooled):
    """Closes itself: what was prepared and then refused is left to the collector."""

    def __del__(self) -> None:
        self.close()


def spool() -> IO[bytes]:
    """A file without a name, in memory as long as it is small."""
    return cast("IO[bytes]", _Spool(IN_MEMORY))


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """The file as it is kept. `thumbnails` are WebP by the length of their longer side in pixels."""

    content: IO[bytes]
    width: int | None = None
    height: int | None = None
    thumbnails: Mapping[int, bytes] = field(default_factory=dict)


class Unusable(Exception):
    """A file that cannot be kept. Remedy: as its own `remedy` says."""

    def __init__(self, reason: Text, remedy: Text) -> None:
        self.reason = reason
        self.remedy = remedy
        super().__init__(reason)
