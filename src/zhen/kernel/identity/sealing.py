"""Sealing small secrets that must be read back (the seeds of one-time codes).

AES-256-GCM under a key derived from `SECRET_KEY` by HKDF; keys of `SECRET_KEY_FALLBACKS` still open what
they sealed, so that the key can be changed.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

NONCE = 12


class Unreadable(Exception):
    """A sealed secret was made under a key that is gone. Remedy: list the old key in SECRET_KEY_FALLBACKS."""


def seal(text: str) -> str:
    nonce = os.urandom(NONCE)
    sealed = AESGCM(_key(settings.SECRET_KEY)).encrypt(nonce, text.encode(), None)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(sealed: str) -> str:
    raw = base64.urlsafe_b64decode(sealed)
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        try:
            return AESGCM(_key(secret)).decrypt(raw[:NONCE], raw[NONCE:], None).decode()
        except InvalidTag:
            continue
    raise Unreadable("no key of this installation opens the secret")


def _key(secret: str | bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"zhen.identity.sealing").derive(force_bytes(secret))
