"""Links to contents, made by the module that has checked its own record's rule, for one reader and a short time.

The token is signed and names its reader: sent on to somebody else it opens nothing. A link stays the same for
ten minutes, so that a browser keeps the thumbnails that it has, and opens for ten to twenty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core import signing
from django.urls import reverse

from zhen.kernel.access.api import Actor, ActorKind, Denied
from zhen.kernel.files.actions import VIEW_ORIGINAL
from zhen.kernel.files.cleaning.images import THUMBNAILS
from zhen.kernel.files.kinds import Kind
from zhen.kernel.files.models import File
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Missing

LINK_SECONDS = 600
"""How long a link stays the same, and what remains at least of its life when it is made."""
SMALL, LARGE = THUMBNAILS
_DOOR = "web:file"


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What a link leads to. `side` is None for the content itself."""

    file: File
    side: int | None

    @property
    def media_type(self) -> str:
        return "image/webp" if self.side else Kind(self.file.kind).media_type


def url(actor: Actor, file: File, *, side: int | None = None) -> str:
    """The address of a file's content for this reader; `side` (SMALL, LARGE) asks for a thumbnail of an image.

    Raises Denied for an original of which a redacted copy exists; `original_url` is the way to that.
    """
    if file.redacted:
        raise Denied(VIEW_ORIGINAL, actor)
    return _url(actor, file, side)


def original_url(actor: Actor, file: File, *, side: int | None = None) -> str:
    """The same for an original that `open_original` has given to the actor."""
    actor.require(VIEW_ORIGINAL)
    return _url(actor, file, side)


def _url(actor: Actor, file: File, side: int | None) -> str:
    side = side if file.is_image else None
    until = (int(clock.now().timestamp()) // LINK_SECONDS + 2) * LINK_SECONDS
    token = _signer("link").sign_object([str(file.pk), side or 0, reader_of(actor), until])
    return reverse(_DOOR, kwargs={"token": token})


def opened(actor: Actor, token: str, now: datetime) -> Opened:
    """What a token opens to this reader. Raises Missing for any that is not his, or no longer is."""
    key, side, reader, until = _read("link", token, 4)
    if reader != reader_of(actor) or int(now.timestamp()) > until:
        raise Missing("file")
    return Opened(file=_file(key), side=side or None)


def kept_token(actor: Actor, file: File) -> str:
    """For the hidden field of a form: this file was sent by this actor, and may be attached by him."""
    return _signer("kept").sign_object([str(file.pk), reader_of(actor)])


def kept(actor: Actor, token: str) -> File:
    """The file of such a token. Raises Missing where it is another's, or has gone."""
    key, sender = _read("kept", token, 2)
    if sender != reader_of(actor):
        raise Missing("file")
    return _file(key)


def ticket(actor: Actor, kinds: frozenset[Kind], max_bytes: int) -> str:
    """The right to send files ahead of a form, as the form that holds it takes them."""
    now = int(clock.now().timestamp())
    return _signer("ticket").sign_object([sorted(kinds), max_bytes, reader_of(actor), now + 12 * 3600])


def redeemed(actor: Actor, text: str, now: datetime) -> tuple[frozenset[Kind], int]:
    """The kinds and the size that a ticket allows. Raises Missing."""
    kinds, max_bytes, sender, until = _read("ticket", text, 4)
    if sender != reader_of(actor) or int(now.timestamp()) > until:
        raise Missing("ticket")
    return frozenset(Kind(kind) for kind in kinds), max_bytes


def reader_of(actor: Actor) -> str:
    """Who a link is for. All who are not signed in are one reader: there the short time protects."""
    return "" if actor.kind is ActorKind.ANONYMOUS else f"{actor.kind}:{actor.id}"


def _signer(use: str) -> signing.Signer:
    return signing.Signer(salt=f"zhen.files.{use}")


def _read(use: str, token: str, length: int) -> list[Any]:
    try:
        values: list[Any] = _signer(use).unsign_object(token)
    except (signing.BadSignature, ValueError) as fault:
        raise Missing("file") from fault
    assert len(values) == length, "we signed it ourselves"
    return values


def _file(key: str) -> File:
    file = File.objects.filter(pk=UUID(key)).first()
    if file is None:
        raise Missing("file")
    return file
