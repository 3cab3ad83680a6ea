"""Keyed hashes: equal values give equal bytes, and without the key nothing can be tried.

The form, in bytes: 0 the version 1; 1 the method (1 = HMAC-SHA256, 2 = HMAC-SM3); 2..5 the id of the
key; 6..37 the code over the framed domain and value. A plain hash would not do: all identity numbers of
a town can be tried in seconds.
"""

from __future__ import annotations

from enum import IntEnum

from cryptography.hazmat.primitives import hashes, hmac

from zhen.kernel.lib.crypto.envelope import framed
from zhen.kernel.lib.crypto.ring import ID_LENGTH, Key, KeyRing, Use

VERSION = 1
LENGTH = 2 + ID_LENGTH + 32


class Mac(IntEnum):
    HMAC_SHA256 = 1
    HMAC_SM3 = 2


def keyed_hash(ring: KeyRing, mac: Mac, value: bytes, *, domain: str, use: Use = Use.LOOKUP) -> bytes:
    """The hash under the current key. Values of different domains never give the same hash."""
    return _hash(ring.current(use), mac, value, domain)


def candidates(ring: KeyRing, value: bytes, *, domain: str, use: Use = Use.LOOKUP) -> tuple[bytes, ...]:
    """All hashes that a stored row may carry for `value`: one for each key of the ring and each method."""
    return tuple(_hash(key, mac, value, domain) for key in reversed(ring.of(use)) for mac in Mac)


def prefix(ring: KeyRing, mac: Mac, use: Use = Use.LOOKUP) -> bytes:
    """The first bytes of every hash that is made now."""
    return bytes((VERSION, mac)) + ring.current(use).id


def _hash(key: Key, mac: Mac, value: bytes, domain: str) -> bytes:
    code = hmac.HMAC(key.material, hashes.SM3() if mac is Mac.HMAC_SM3 else hashes.SHA256())
    code.update(framed(key.use.value.encode(), domain.encode(), value))
    return bytes((VERSION, mac)) + key.id + code.finalize()
