"""Keeping rows and contents in agreement: what no row names goes, what a row misses is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from itertools import islice

from django.db import transaction

from zhen.kernel.files.actions import lock
from zhen.kernel.files.cleaning import images
from zhen.kernel.files.cleaning.values import Unusable
from zhen.kernel.files.kinds import IMAGES, Kind
from zhen.kernel.files.models import File
from zhen.kernel.files.pieces import ABANDONED, sweep_pieces
from zhen.kernel.files.preparing import digest
from zhen.kernel.files.storage import (
    CONTENTS,
    THUMBNAILS,
    UNFINISHED,
    content_name,
    names_below,
    reading,
    sha256_in,
    storage,
    thumbnail_name,
    write,
)
from zhen.kernel.lib import clock

YOUNG = timedelta(days=1)
"""What is younger may belong to a transaction that has not ended."""
BATCH = 500


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A content that a row names and that is not there, or not as it was."""

    name: str
    missing: bool


def sweep(now: datetime | None = None) -> int:
    """Delete contents older than a day that no row names, and files that were never finished. How many."""
    before = (now or clock.now()) - YOUNG
    count = 0
    count += sweep_pieces(now)
    for name in names_below(UNFINISHED):
        piece = name.count("/") > 1
        if _older(name, before - ABANDONED if piece else before):
            storage().delete(name)
            count += 1
    for folder in (THUMBNAILS, CONTENTS):
        waiting = names_below(folder)
        while names := list(islice(waiting, BATCH)):
            named = File.objects.filter(sha256__in={sha256_in(name) for name in names})
            known = set(named.values_list("sha256", flat=True))
            for name in names:
                if sha256_in(name) not in known and _older(name, before):
                    count += _delete_unnamed(name)
    return count


def forget(sha256: str) -> None:
    """Delete a content whose last row has gone, with its thumbnails."""
    for name in (*(thumbnail_name(sha256, side) for side in images.THUMBNAILS), content_name(sha256)):
        _delete_unnamed(name)


def _delete_unnamed(name: str) -> int:
    """Looked at once more under the lock: somebody may have sent the same content again."""
    with transaction.atomic():
        lock(sha256_in(name))
        if File.objects.filter(sha256=sha256_in(name)).exists():
            return 0
        storage().delete(name)
        return 1


def _older(name: str, before: datetime) -> bool:
    try:
        return storage().get_modified_time(name) < before
    except FileNotFoundError:  # another sweep was faster
        return False


def faults(*, read: bool = False) -> Iterator[Fault]:
    """What rows name and the storage lacks. `read` also reads every content and compares its SHA-256."""
    seen = ""
    contents = File.objects.order_by("sha256").values_list("sha256", "kind").distinct()
    for sha256, kind in contents.iterator(chunk_size=BATCH):
        if sha256 == seen:
            continue
        seen = sha256
        sides = images.THUMBNAILS if kind in IMAGES else ()
        for name in (content_name(sha256), *(thumbnail_name(sha256, side) for side in sides)):
            if not storage().exists(name):
                yield Fault(name=name, missing=True)
            elif read and name.startswith(CONTENTS) and _digest(name) != sha256:
                yield Fault(name=name, missing=False)


def mend(found: Fault) -> bool:
    """Make lost thumbnails again; a lost content can only come from a backup."""
    if not found.name.startswith(THUMBNAILS):
        return False
    sha256 = sha256_in(found.name)
    file = File.objects.filter(sha256=sha256).first()
    if file is None or not storage().exists(content_name(sha256)):
        return False
    try:
        with reading(content_name(sha256)) as source:
            made = images.thumbnails(source, Kind(file.kind))
    except Unusable:
        return False
    for side, thumbnail in made.items():
        write(thumbnail_name(sha256, side), BytesIO(thumbnail))
    return True


def _digest(name: str) -> str:
    with reading(name) as content:
        return digest(content)[0]
