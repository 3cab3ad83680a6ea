"""Files that arrive in pieces over a weak signal: each piece is kept once, and the next goes on from there.

The sender names the file by a UUID of his own. Pieces come in order; one that is here already changes nothing, so a
lost answer costs a resend and no more. The last piece makes the file: asked again, it is the same file.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.files.actions import store
from zhen.kernel.files.kinds import ALL, Kind
from zhen.kernel.files.models import File, Incoming
from zhen.kernel.files.preparing import MEGABYTE, MOST_BYTES, Prepared, prepare
from zhen.kernel.files.storage import UNFINISHED, names_below, reading, storage, write
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing

MOST_PIECE = MEGABYTE
MOST_OPEN = 100
"""So many files of one person may be on their way at a time."""
ABANDONED = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """Part of a file: `offset` is where it begins, `total` how long the whole file is, in bytes."""

    key: UUID
    name: str
    offset: int
    total: int
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Arrived:
    """How many bytes are here; `file` once all of them are."""

    received: int
    file: File | None = None


def arrived(actor: Actor, key: UUID) -> Arrived:
    """What is here of a file on its way. Raises Missing where nothing is, or where it is another's."""
    row = _rows(actor).filter(pk=key).select_related("file").first()
    if row is None:
        raise Missing(f"file {key}")
    return Arrived(received=row.received, file=row.file)


def take_piece(actor: Actor, piece: Piece, *, kinds: Collection[Kind] = ALL, max_bytes: int = MOST_BYTES) -> Arrived:
    """Keep a piece; with the last one, the file. Raises Outdated where pieces before it are missing, and Refused for
    a file that is not taken: what was here of it is gone then."""
    row = _keep(actor, piece, max_bytes)
    if row.file is not None or row.received < row.total:
        return Arrived(received=row.received, file=row.file)
    try:
        prepared = prepare(_Whole(row), kinds=kinds, max_bytes=max_bytes)
    except Refused:
        _give_up(row)
        raise
    return Arrived(received=row.total, file=_finish(actor, row, prepared))


@action(None, silent=True)
def _keep(actor: Actor, piece: Piece, max_bytes: int) -> Incoming:
    """Silent: the journal hears of the file, not of its pieces."""
    row = _row(actor, piece, max_bytes)
    if row.file_id is not None or piece.offset + len(piece.content) <= row.received:
        return row  # it was here already
    if piece.offset != row.received or not 0 < len(piece.content) <= min(MOST_PIECE, row.total - row.received):
        raise Outdated(
            field=_("piece"),
            value=piece.offset,
            reason=_("{n} bytes of this file are here").format(n=row.received),
            remedy=_("Go on from there"),
        )
    write(_name(row, piece.offset), BytesIO(piece.content))
    row.received += len(piece.content)
    row.save(update_fields=["received"])
    return row


def _row(actor: Actor, piece: Piece, max_bytes: int) -> Incoming:
    if piece.total > max_bytes:
        raise Refused(
            field=_("file"),
            value=piece.name,
            reason=_("it is larger than %(most)s MB") % {"most": f"{max_bytes / MEGABYTE:g}"},
            remedy=_("Send a smaller version, or split it"),
        )
    if piece.total < 1:
        raise Refused(field=_("file"), value=piece.name, reason=_("it is empty"), remedy=_("Choose it again"))
    facts = {"total": piece.total, "name": piece.name[:200], "at": clock.now()}
    row, new = Incoming.objects.select_for_update(of=("self",)).get_or_create(
        pk=piece.key, defaults={**facts, "uploaded_by": actor.user_id or 0}
    )
    if row.uploaded_by != actor.user_id:
        raise Missing(f"file {piece.key}")
    if row.total != piece.total:
        raise Refused(
            field=_("file"),
            value=piece.name,
            reason=_("another file of {n} bytes has this id").format(n=row.total),
            remedy=_("Choose it again"),
        )
    if new and _rows(actor).filter(file__isnull=True).count() > MOST_OPEN:
        raise Refused(
            field=_("file"),
            value=piece.name,
            reason=_("{n} files of yours are on their way already").format(n=MOST_OPEN),
            remedy=_("Wait until they are here"),
        )
    return row


@action(None, silent=True)
def _finish(actor: Actor, row: Incoming, prepared: Prepared) -> File:
    held = Incoming.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.file is not None:  # the same last piece came twice, at once
        return held.file
    held.file = store(actor, prepared)
    held.save(update_fields=["file"])
    _forget_pieces(held.pk)
    return held.file


class _Whole:
    """A file put together from its pieces, as `prepare` reads uploads."""

    def __init__(self, row: Incoming) -> None:
        self.name, self._row = row.name, row

    def chunks(self, _size: int | None = None, /) -> Iterator[bytes]:
        for name in _pieces(self._row.pk):
            with reading(name) as content:
                yield content.read()


def sweep_pieces(now: datetime | None = None) -> int:
    """Forget files that were never finished, and the numbers of those that were. How many."""
    rows = Incoming.objects.filter(at__lt=(now or clock.now()) - ABANDONED)
    for row in (count := list(rows)):
        _give_up(row)
    return len(count)


def _give_up(row: Incoming) -> None:
    """First the row: killed in between, pieces are left over, which the sweep finds."""
    key = row.pk
    row.delete()
    _forget_pieces(key)


def _forget_pieces(key: UUID) -> None:
    for name in _pieces(key):
        storage().delete(name)


def _pieces(key: UUID) -> list[str]:
    """In order: the names are offsets of one length."""
    return sorted(names_below(f"{UNFINISHED}/{key}"))


def _name(row: Incoming, offset: int) -> str:
    return f"{UNFINISHED}/{row.pk}/{offset:012d}"


def _rows(actor: Actor) -> QuerySet[Incoming]:
    return Incoming.objects.filter(uploaded_by=actor.user_id or 0)
