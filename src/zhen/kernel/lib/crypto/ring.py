"""The key ring: every key that is in use or still opens something, by use and age."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

ID_LENGTH = 4
KEY_LENGTH = 32
FORMAT = 1


class Use(StrEnum):
    """What a key is for; no key serves two uses."""

    FIELD = "field"
    LOOKUP = "lookup"
    PROOF = "proof"


class RingFault(ValueError):
    """The key ring cannot be used as it stands. Remedy: restore the file from its backup."""


class UnknownKey(KeyError):
    """Something was made under a key that the ring lacks. Remedy: put that key back from a backup."""

    def __init__(self, use: Use, id: bytes) -> None:
        self.use = use
        self.id = id
        super().__init__(f"the ring holds no {use} key {id.hex()}")

    def __str__(self) -> str:
        return str(self.args[0])


@dataclass(frozen=True, kw_only=True)
class Key:
    """`material` is 32 random bytes, from which the working keys are derived; it is never shown."""

    id: bytes
    use: Use
    made_at: datetime
    material: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.id) != ID_LENGTH or len(self.material) != KEY_LENGTH:
            raise RingFault(f"a {self.use} key needs an id of {ID_LENGTH} bytes and {KEY_LENGTH} bytes of material")

    @classmethod
    def make(cls, use: Use, now: datetime) -> Self:
        return cls(id=secrets.token_bytes(ID_LENGTH), use=use, made_at=now, material=secrets.token_bytes(KEY_LENGTH))


@dataclass(frozen=True)
class KeyRing:
    """Keys in order of age; of each use the last one is current and makes, the others only open."""

    keys: tuple[Key, ...]

    def __post_init__(self) -> None:
        ids = [key.id for key in self.keys]
        if len(set(ids)) != len(ids):
            raise RingFault("two keys of the ring have the same id")
        for use in Use:
            if not self.of(use):
                raise RingFault(f"the ring has no {use} key")

    @classmethod
    def make(cls, now: datetime) -> Self:
        return cls(tuple(Key.make(use, now) for use in Use))

    def of(self, use: Use) -> tuple[Key, ...]:
        return tuple(key for key in self.keys if key.use is use)

    def current(self, use: Use) -> Key:
        return self.of(use)[-1]

    def get(self, use: Use, id: bytes) -> Key:
        for key in self.keys:
            if key.use is use and key.id == id:
                return key
        raise UnknownKey(use, id)

    def with_new(self, use: Use, now: datetime) -> KeyRing:
        """The ring with one more key, which is current from now on."""
        key = Key.make(use, now)
        while any(key.id == other.id for other in self.keys):
            key = replace(key, id=secrets.token_bytes(ID_LENGTH))
        return KeyRing((*self.keys, key))

    def without(self, use: Use, id: bytes) -> KeyRing:
        """The ring without one old key. The caller makes sure that nothing needs it any more."""
        gone = self.get(use, id)
        if gone is self.current(use):
            raise RingFault(f"{id.hex()} is the current {use} key: make a new one before this one goes")
        return KeyRing(tuple(key for key in self.keys if key is not gone))

    # as text

    def to_text(self) -> str:
        rows = [
            {
                "id": key.id.hex(),
                "use": key.use.value,
                "made_at": key.made_at.isoformat(),
                "material": base64.b64encode(key.material).decode(),
            }
            for key in self.keys
        ]
        return json.dumps({"format": FORMAT, "keys": rows}, indent=1) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Raises RingFault, whose message never holds a part of the text."""
        data = _attempt("it is not JSON", lambda: json.loads(text))
        if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("keys"), list):
            raise RingFault(f"it is not a key ring of format {FORMAT}")
        return cls(_attempt("one of its keys is damaged", lambda: tuple(_key(row) for row in data["keys"])))


def _key(row: dict[str, Any]) -> Key:
    return Key(
        id=bytes.fromhex(row["id"]),
        use=Use(row["use"]),
        made_at=datetime.fromisoformat(row["made_at"]),
        material=base64.b64decode(row["material"], validate=True),
    )


def _attempt(fault: str, read: Callable[[], Any]) -> Any:
    """`read()`, with a message of ours in place of one that might quote key material."""
    try:
        return read()
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise RingFault(fault) from None
