"""Sealed bids: each under a key of its own, that key in two halves, each half for one holder's key pair (ADR 0075).

A bid's key is 32 random bytes; one half is random, the other is the key XOR that half: either alone says nothing.
A half is sealed for its holder by X25519, HKDF-SHA256 and AES-256-GCM; a holder's private key is sealed with a key
that Scrypt makes of the passphrase. `bound` (procurement and bid) is authenticated everywhere, so that nothing can be
moved from one bid to another. Nothing here reads the database.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

NONCE, KEY, PUBLIC = 12, 32, 32
SHORTEST_PHRASE = 12
SCRYPT_COST = 2**15  # 32 MB and about 0.1 s


class WrongKey(ValueError):
    """The passphrase does not open the key, or what is sealed was changed. Remedy: type it again."""


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """A holder's keys as they are kept: the private one sealed."""

    public: bytes
    private: bytes
    salt: bytes


@dataclass(frozen=True, kw_only=True)
class Content:
    """What a bidder sends. `salt` keeps the digest of few possible prices from being tried out."""

    price: int
    days: int
    statement: str
    salt: str
    file_name: str = ""
    file: bytes = b""

    @property
    def digest(self) -> str:
        """What is published at receipt; the bidder can make it again from his own papers and the salt.

        SHA-256 of price in fen, days, SHA-256 of the statement, SHA-256 of the file, salt; parted by new lines.
        """
        parts = (
            str(self.price),
            str(self.days),
            hashlib.sha256(self.statement.encode()).hexdigest(),
            hashlib.sha256(self.file).hexdigest(),
            self.salt,
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def to_bytes(self) -> bytes:
        head = {name: getattr(self, name) for name in ("price", "days", "statement", "salt", "file_name")}
        written = json.dumps(head, ensure_ascii=False).encode()
        return len(written).to_bytes(4, "big") + written + self.file

    @classmethod
    def from_bytes(cls, data: bytes) -> Content:
        length = int.from_bytes(data[:4], "big")
        return cls(**json.loads(data[4 : 4 + length]), file=data[4 + length :])


def new_pair(phrase: str) -> KeyPair:
    private, salt = X25519PrivateKey.generate(), os.urandom(16)
    nonce = os.urandom(NONCE)
    public = private.public_key().public_bytes_raw()
    sealed = nonce + AESGCM(_stretched(phrase, salt)).encrypt(nonce, private.private_bytes_raw(), public)
    return KeyPair(public=public, private=sealed, salt=salt)


def seal(content: Content, publics: Sequence[bytes], bound: bytes) -> tuple[bytes, tuple[bytes, bytes]]:
    """The sealed bid, and the two halves of its key, each for one holder."""
    key, first = os.urandom(KEY), os.urandom(KEY)
    second = bytes(a ^ b for a, b in zip(key, first, strict=True))
    nonce = os.urandom(NONCE)
    sealed = nonce + AESGCM(key).encrypt(nonce, content.to_bytes(), bound)
    one, two = publics
    return sealed, (_wrap(first, one, bound), _wrap(second, two, bound))


def private_of(pair: KeyPair, phrase: str) -> X25519PrivateKey:
    """Raises WrongKey."""
    try:
        raw = AESGCM(_stretched(phrase, pair.salt)).decrypt(pair.private[:NONCE], pair.private[NONCE:], pair.public)
    except InvalidTag as fault:
        raise WrongKey("the passphrase does not open this key") from fault
    return X25519PrivateKey.from_private_bytes(raw)


def half(private: X25519PrivateKey, wrapped: bytes, bound: bytes) -> bytes:
    """One half of a bid's key. Raises WrongKey."""
    sender, nonce, sealed = wrapped[:PUBLIC], wrapped[PUBLIC : PUBLIC + NONCE], wrapped[PUBLIC + NONCE :]
    agreed = private.exchange(X25519PublicKey.from_public_bytes(sender))
    try:
        return AESGCM(_derived(agreed, bound)).decrypt(nonce, sealed, bound)
    except InvalidTag as fault:
        raise WrongKey("the half of the key was changed") from fault


def unseal(sealed: bytes, halves: Sequence[bytes], bound: bytes) -> Content:
    """The bid. Raises WrongKey where a half is missing or another's, or the bid was changed."""
    first, second = halves
    key = bytes(a ^ b for a, b in zip(first, second, strict=True))
    try:
        return Content.from_bytes(AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound))
    except InvalidTag as fault:
        raise WrongKey("the bid was changed, or the halves are not its own") from fault


def _wrap(share: bytes, public: bytes, bound: bytes) -> bytes:
    sender, nonce = X25519PrivateKey.generate(), os.urandom(NONCE)
    agreed = sender.exchange(X25519PublicKey.from_public_bytes(public))
    return sender.public_key().public_bytes_raw() + nonce + AESGCM(_derived(agreed, bound)).encrypt(nonce, share, bound)


def _derived(agreed: bytes, bound: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY, salt=None, info=b"zhen bid " + bound).derive(agreed)


def _stretched(phrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=KEY, n=SCRYPT_COST, r=8, p=1).derive(phrase.encode())
