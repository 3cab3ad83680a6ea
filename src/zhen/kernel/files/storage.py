"""Where contents lie: under their SHA-256, below ZHEN_HOME, or wherever the setting STORAGES["files"] says.

A content is written once and never changed, so copies of the same content share it. Nothing of a path comes
from outside.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files import File as DjangoFile
from django.core.files.storage import FileSystemStorage, Storage, storages

ALIAS = "files"
CONTENTS, THUMBNAILS, UNFINISHED = "contents", "thumbnails", "unfinished"


class ContentStorage(FileSystemStorage):
    """Files that appear whole or not at all: written under another name, flushed, and renamed."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        """The name itself: the same name is the same content."""
        return name

    def _save(self, name: str, content: DjangoFile[bytes]) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = Path(self.path(f"{UNFINISHED}/{secrets.token_hex(8)}"))
        unfinished.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        _flush(path.parent)
        return name


def _flush(directory: Path) -> None:
    """Make a rename last: without this a power cut can undo it after the row is committed."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage() -> Storage:
    return storages[ALIAS]


def content_name(sha256: str) -> str:
    return f"{CONTENTS}/{sha256[:2]}/{sha256}"


def thumbnail_name(sha256: str, side: int) -> str:
    return f"{THUMBNAILS}/{sha256[:2]}/{sha256}.{side}.webp"


def sha256_in(name: str) -> str:
    """The SHA-256 that a name of ours is made of."""
    return name.rpartition("/")[2].partition(".")[0]


def write(name: str, content: IO[bytes]) -> None:
    content.seek(0)
    storage().save(name, DjangoFile(content))


@contextmanager
def reading(name: str) -> Iterator[IO[bytes]]:
    with storage().open(name) as content:
        assert content.file is not None
        yield content.file


def names_below(folder: str) -> Iterator[str]:
    """Every name in a folder and the folders in it; none where it is not there."""
    try:
        folders, files = storage().listdir(folder)
    except FileNotFoundError:
        return
    yield from (f"{folder}/{file}" for file in sorted(files))
    for inner in sorted(folders):
        yield from names_below(f"{folder}/{inner}")
