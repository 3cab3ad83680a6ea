"""The ring of this installation: one file, made at the first start, read again when it changes."""

from __future__ import annotations

import fcntl
import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from zhen.kernel.lib import clock
from zhen.kernel.lib.crypto.envelope import Cipher, Where, open_sealed, seal
from zhen.kernel.lib.crypto.keyed import Mac, candidates, keyed_hash
from zhen.kernel.lib.crypto.ring import KeyRing, RingFault, Use
from zhen.runtime.files import write_private

Stamp = tuple[int, int, int]


class KeyFileFault(Exception):
    """The key file cannot be used. Remedy: see the message; never delete it, restore it from its backup."""


class Keeper:
    """Holds the ring in memory and follows the file: a rotation reaches every process at its next use."""

    def __init__(self, path: Path, cipher: Cipher, mac: Mac) -> None:
        self.path = path
        self._name = str(path)
        self.cipher = cipher
        self.mac = mac
        self._lock = threading.Lock()
        self._ring: KeyRing | None = None
        self._stamp: Stamp | None = None

    # using the ring

    def ring(self) -> KeyRing:
        """The ring as the file has it now (one `stat` where nothing changed)."""
        stamp = self._stamp_of_file()
        with self._lock:
            if self._ring is None or stamp != self._stamp:
                self._ring = self._read()
                self._stamp = stamp
            return self._ring

    def seal(self, value: str, where: Where) -> bytes:
        return seal(self.ring(), self.cipher, value.encode(), where)

    def open(self, sealed: bytes, where: Where) -> str:
        return open_sealed(self.ring(), sealed, where).decode()

    def hash(self, value: str, *, domain: str) -> bytes:
        return keyed_hash(self.ring(), self.mac, value.encode(), domain=domain)

    def candidates(self, value: str, *, domain: str) -> tuple[bytes, ...]:
        return candidates(self.ring(), value.encode(), domain=domain)

    def proof(self, content: bytes, *, domain: str) -> bytes:
        return keyed_hash(self.ring(), self.mac, content, domain=domain, use=Use.PROOF)

    def proofs(self, content: bytes, *, domain: str) -> tuple[bytes, ...]:
        return candidates(self.ring(), content, domain=domain, use=Use.PROOF)

    # changing the ring

    def rotate(self, use: Use, now: datetime) -> bytes:
        """Add a key that is current from now on; gives its id. Old keys go on opening."""
        return self._change(lambda ring: ring.with_new(use, now)).current(use).id

    def remove(self, use: Use, id: bytes) -> None:
        """Take an old key out for good. Only parties.actions.retire_key calls this, after it has checked."""
        self._change(lambda ring: ring.without(use, id))

    def _change(self, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
        self.ring()
        with self._exclusive():
            changed = change(self._read())
            try:
                write_private(self.path, changed.to_text())
            except OSError as error:
                raise KeyFileFault(f"{self.path} cannot be written: change it where it is made") from error
        with self._lock:
            self._ring = changed
            self._stamp = self._stamp_of_file()
        return changed

    @contextmanager
    def _exclusive(self) -> Iterator[None]:
        """One changer at a time on this machine."""
        descriptor = os.open(self.path.with_name(f".{self.path.name}.lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    # the file

    def _stamp_of_file(self) -> Stamp:
        # By its name as text: this runs at every use, and a Path is slower.
        try:
            found = os.stat(self._name)  # noqa: PTH116 see above
        except FileNotFoundError:
            self._make()
            found = os.stat(self._name)  # noqa: PTH116 see above
        if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise KeyFileFault(f"{self.path} can be read or written by others: run chmod 600 {self.path}")
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    def _make(self) -> None:
        if self._ring is not None:
            raise KeyFileFault(f"{self.path} is gone: restore it from its backup before anything is sealed anew")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        write_private(self.path, KeyRing.make(clock.now()).to_text(), keep=True)

    def _read(self) -> KeyRing:
        try:
            return KeyRing.from_text(self.path.read_text(encoding="utf-8"))
        except OSError as error:
            raise KeyFileFault(f"{self.path} cannot be read ({error.strerror}): give it to this user") from error
        except (RingFault, UnicodeDecodeError) as error:
            reason = error if isinstance(error, RingFault) else "it is not text"
            raise KeyFileFault(f"{self.path} is no key ring ({reason}): restore it from its backup") from None


def keeper() -> Keeper:
    """The keeper of this installation, from ZHEN_KEY_RING and ZHEN_CIPHERS."""
    return _keeper(str(settings.ZHEN_KEY_RING), settings.ZHEN_CIPHERS)


@lru_cache(maxsize=8)
def _keeper(path: str, ciphers: str) -> Keeper:
    national = ciphers == "sm"
    return Keeper(
        Path(path),
        Cipher.SM4_GCM if national else Cipher.AES_256_GCM,
        Mac.HMAC_SM3 if national else Mac.HMAC_SHA256,
    )
