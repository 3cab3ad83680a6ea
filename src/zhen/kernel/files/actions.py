"""Storing, redacting and giving up files. Which record a file belongs to is the business of that record's module."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from io import BytesIO

from django.db import connection, models
from django.utils.translation import gettext as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.files.cleaning import images
from zhen.kernel.files.cleaning.values import Unusable
from zhen.kernel.files.kinds import ALL, Kind
from zhen.kernel.files.models import File
from zhen.kernel.files.preparing import MOST_BYTES, Prepared, Upload, described, prepare
from zhen.kernel.files.redaction import MOST_BOXES, Box
from zhen.kernel.files.storage import content_name, reading, thumbnail_name, write
from zhen.kernel.jobs.api import enqueue
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused

REDACT = "files.redact"
VIEW_ORIGINAL = "files.original.view"
FORGET = "files.forget"
LONGEST_REASON = 300


def store(
    actor: Actor, upload: Upload | Prepared, *, kinds: Collection[Kind] = ALL, max_bytes: int = MOST_BYTES
) -> File:
    """Keep a file. Raises Refused, naming what is wrong with it.

    A module calls it inside an action of its own, or before one and attaches the row then; a file that no
    record holds goes after seven days. Give a `Prepared` one where the caller's transaction is open.
    """
    prepared = upload if isinstance(upload, Prepared) else prepare(upload, kinds=kinds, max_bytes=max_bytes)
    return _store(actor, prepared)


@action(None)
def _store(actor: Actor, prepared: Prepared) -> File:
    file = _keep(actor, prepared)
    # not the name: it can say who somebody is, and the journal is for ever
    journal.record("files.stored", by=actor, subject=file, data={"kind": file.kind, "bytes": file.bytes})
    return file


@action(REDACT)
def redact(actor: Actor, file: File, boxes: Sequence[Box], reason: str) -> File:
    """A copy of an image with opaque boxes in place of its pixels. Who calls it has checked the record's rule.

    The copy is written before the row; the original stays, from now on for those with `files.original.view`.
    """
    reason = reason.strip()
    _check(file, boxes, reason)
    width, height = file.width, file.height
    assert width is not None
    assert height is not None
    try:
        with reading(content_name(file.sha256)) as source:
            cleaned = images.burn(source, Kind(file.kind), [box.pixels(width, height) for box in boxes])
    except Unusable as fault:  # our own file: it was cleaned when it came
        raise Refused(field=_("file"), value=file.name, reason=fault.reason, remedy=fault.remedy) from fault
    original = File.objects.select_for_update().get(pk=file.pk)
    copy = _keep(actor, described(cleaned, Kind(file.kind), file.name), redacts=original, reason=reason)
    File.objects.filter(pk=original.pk).update(redacted=True)
    file.redacted = True
    journal.record("files.redacted", by=actor, subject=copy, data={"original": str(original.pk), "boxes": len(boxes)})
    return copy


@action(VIEW_ORIGINAL)
def open_original(actor: Actor, file: File) -> File:
    """The original behind a redacted copy, for the actor's stated purpose; each look is journalled."""
    original = file.redacts
    if original is None:
        raise Refused(
            field=_("file"), value=file.name, reason=_("it is no redacted copy"), remedy=_("Open the file itself")
        )
    if not actor.purpose.strip():
        raise Refused(
            field=_("purpose"), value="", reason=_("an original is opened for a purpose"), remedy=_("State the purpose")
        )
    while original.redacts is not None:
        original = original.redacts
    journal.read_of(original, by=actor, purpose=actor.purpose, fields=("original",))
    return original


@action(None)
def discard(actor: Actor, file: File) -> None:
    """Give up a file that no record holds any longer, with the originals that it was made of.

    Called by the module whose record held it, after it has removed its own row. Raises Refused where another
    record still holds the file.
    """
    current: File | None = file
    while current is not None:
        key, original, sha256 = current.pk, current.redacts, current.sha256
        try:
            current.delete()
        except models.ProtectedError as fault:
            if current is not file:
                return  # an original that another record shows
            raise Refused(
                field=_("file"),
                value=file.name,
                reason=_("another record holds it"),
                remedy=_("Remove it there first"),
            ) from fault
        journal.record("files.discarded", by=actor, subject=("files.file", key))
        enqueue(FORGET, once=f"forget {sha256}", sha256=sha256)
        current = original


def _keep(actor: Actor, prepared: Prepared, *, redacts: File | None = None, reason: str = "") -> File:
    """First the content, then the row: killed in between, a content is left over, which the sweep finds."""
    lock(prepared.sha256)
    for side, thumbnail in prepared.cleaned.thumbnails.items():
        write(thumbnail_name(prepared.sha256, side), BytesIO(thumbnail))
    write(content_name(prepared.sha256), prepared.cleaned.content)
    return File.objects.create(
        sha256=prepared.sha256,
        kind=prepared.kind,
        bytes=prepared.bytes,
        width=prepared.cleaned.width,
        height=prepared.cleaned.height,
        name=prepared.name,
        uploaded_by=actor.user_id,
        uploaded_at=clock.now(),
        redacts=redacts,
        reason=reason,
    )


def lock(sha256: str) -> None:
    """Until the transaction ends, nobody else stores or sweeps this content."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


def _check(file: File, boxes: Sequence[Box], reason: str) -> None:
    if not file.is_image:
        raise Refused(
            field=_("file"),
            value=file.name,
            reason=_("only images can be redacted"),
            remedy=_("Black the parts out in the document's own program, and attach that"),
        )
    if not 1 <= len(boxes) <= MOST_BOXES or not all(box.fits() for box in boxes):
        raise Refused(
            field=_("boxes"),
            value=len(boxes),
            reason=_("there must be 1 to %(most)s boxes, each inside the image") % {"most": MOST_BOXES},
            remedy=_("Draw them again"),
        )
    if not 1 <= len(reason) <= LONGEST_REASON:
        raise Refused(
            field=_("reason"),
            value=reason,
            reason=_("a redaction needs a reason of at most %(most)s characters") % {"most": LONGEST_REASON},
            remedy=_("Say whom or what it protects"),
        )
