"""Sealing one value, bound to its place: a sealed value that was moved or changed does not open.

The form, in bytes:

    0       1 (the version of this form)
    1       the cipher: 1 = AES-256-GCM, 2 = SM4-GCM
    2..5    the id of the key
    6..17   the nonce, random
    18..    the ciphertext, then the tag of 16 bytes

The associated data is bytes 0..5, then table, column and row, each after its length in four bytes.
AES-GCM: NIST SP 800-38D. SM4-GCM: GB/T 32907-2016 in the mode of RFC 8998. Each column works with a
key of its own, derived by HKDF (RFC 5869), so that random nonces stay far below the limit of 2³²
values for one key.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import ciphers, hashes
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from zhen.kernel.lib.crypto.ring import ID_LENGTH, Key, KeyRing, Use

VERSION = 1
NONCE = 12
TAG = 16
HEADER = 2 + ID_LENGTH
LONGEST = 64 * 1024


class Cipher(IntEnum):
    AES_256_GCM = 1
    SM4_GCM = 2


class Malformed(ValueError):
    """The bytes are no sealed value of ours. Remedy: restore the row from a backup."""


class Tampered(Exception):
    """A sealed value was changed, or moved from another row. Remedy: restore the row from a backup."""


@dataclass(frozen=True)
class Where:
    """The place of a value; it is part of what the seal protects."""

    table: str
    column: str
    row: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of row {self.row}"


@dataclass(frozen=True)
class Header:
    cipher: Cipher
    key_id: bytes


def seal(ring: KeyRing, cipher: Cipher, value: bytes, where: Where, *, nonce: bytes | None = None) -> bytes:
    """Seal `value` under the ring's current field key. `nonce` is for tests with known bytes only."""
    if len(value) > LONGEST:
        raise ValueError(f"{where}: {len(value)} bytes are more than the {LONGEST} that a sealed field takes")
    key = ring.current(Use.FIELD)
    nonce = nonce or secrets.token_bytes(NONCE)
    head = bytes((VERSION, cipher)) + key.id
    mode = modes.GCM(nonce)
    encryptor = ciphers.Cipher(_algorithm(key, cipher, where), mode).encryptor()
    encryptor.authenticate_additional_data(_bound(head, where))
    return head + nonce + encryptor.update(value) + encryptor.finalize() + encryptor.tag


def open_sealed(ring: KeyRing, sealed: bytes, where: Where) -> bytes:
    """The value. Raises Malformed, UnknownKey or Tampered."""
    header = header_of(sealed)
    key = ring.get(Use.FIELD, header.key_id)
    nonce, body, tag = sealed[HEADER : HEADER + NONCE], sealed[HEADER + NONCE : -TAG], sealed[-TAG:]
    decryptor = ciphers.Cipher(_algorithm(key, header.cipher, where), modes.GCM(nonce, tag)).decryptor()
    decryptor.authenticate_additional_data(_bound(sealed[:HEADER], where))
    try:
        return decryptor.update(body) + decryptor.finalize()
    except InvalidTag:
        raise Tampered(f"{where} does not open: it was changed, or comes from another row") from None


def header_of(sealed: bytes) -> Header:
    """Under which cipher and key a value is sealed."""
    if len(sealed) < HEADER + NONCE + TAG or sealed[0] != VERSION or sealed[1] not in set(Cipher):
        raise Malformed(f"{len(sealed)} bytes are no sealed value")
    return Header(Cipher(sealed[1]), bytes(sealed[2:HEADER]))


def prefix(ring: KeyRing, cipher: Cipher) -> bytes:
    """The first bytes of everything that is sealed now: what starts otherwise is to be sealed anew."""
    return bytes((VERSION, cipher)) + ring.current(Use.FIELD).id


def framed(*parts: bytes) -> bytes:
    """Parts joined so that no two different lists of parts give the same bytes."""
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)


def _bound(head: bytes, where: Where) -> bytes:
    return head + framed(where.table.encode(), where.column.encode(), where.row.encode())


def _algorithm(key: Key, cipher: Cipher, where: Where) -> algorithms.AES | algorithms.SM4:
    secret = _derived(key.material, cipher, where.table, where.column)
    return algorithms.SM4(secret) if cipher is Cipher.SM4_GCM else algorithms.AES(secret)


@lru_cache(maxsize=1024)
def _derived(material: bytes, cipher: Cipher, table: str, column: str) -> bytes:
    digest, length = (hashes.SM3(), 16) if cipher is Cipher.SM4_GCM else (hashes.SHA256(), 32)
    info = b"zhen field" + framed(bytes((cipher,)), table.encode(), column.encode())
    return HKDF(algorithm=digest, length=length, salt=None, info=info).derive(material)
