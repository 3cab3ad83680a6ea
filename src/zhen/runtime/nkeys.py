"""Keys of NATS (nkeys): Ed25519 keys written in base32, so that a person sees what each is for.

A key is a prefix that gives its first letter (A account, U user, N server; S before the seed of a private one), the 32
bytes, and a CRC-16. Source: the NATS documentation, "NKeys".
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from zhen.runtime.faults import Fault

ACCOUNT = 0
SEED = 18 << 3


class WrongSeed(Fault):
    """The key that signs what the auth callout answers is no seed of an account (SA…): {reason}. Make one with
    `nsc generate nkey --account`, or remove it to have a new one made."""


def new_account_seed() -> str:
    return _encode(bytes([SEED | ACCOUNT >> 5, (ACCOUNT & 31) << 3]) + secrets.token_bytes(32))


class Issuer:
    """The account key that signs for the message server who may do what."""

    def __init__(self, seed: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(_decode(seed))
        public = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.public = _encode(bytes([ACCOUNT]) + public)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A JWT with the claims, issued by this key now."""
        head = _part({"typ": "JWT", "alg": "ed25519-nkey"})
        body = _part({"iss": self.public, "iat": int(time.time()), "jti": secrets.token_hex(16), **claims})
        signed = f"{head}.{body}"
        return f"{signed}.{_text(self._key.sign(signed.encode()))}"


def claims_of(token: str) -> dict[str, Any]:
    """What a JWT says, unchecked: it comes from the server over its own connection. Raises ValueError."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("no JWT")
    found = json.loads(base64.urlsafe_b64decode(parts[1] + "=="))
    if not isinstance(found, dict):
        raise ValueError("no claims")
    return found


def _part(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _encode(raw: bytes) -> str:
    return base64.b32encode(raw + _checksum(raw)).rstrip(b"=").decode()


def _decode(seed: str) -> bytes:
    try:
        raw = base64.b32decode(seed + "=" * (-len(seed) % 8))
    except binascii.Error as error:
        raise WrongSeed(reason=str(error)) from None
    if len(raw) != 36 or raw[0] & 0xF8 != SEED or raw[-2:] != _checksum(raw[:-2]):
        raise WrongSeed(reason="its length, its first letters or its checksum")
    return raw[2:34]


def _checksum(raw: bytes) -> bytes:
    """CRC-16/XMODEM, the low byte first."""
    return binascii.crc_hqx(raw, 0).to_bytes(2, "little")
