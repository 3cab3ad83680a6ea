"""Reading contents. Rows of files are read through the records that they are attached to."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.core.files.base import File as DjangoFile

from zhen.kernel.files.links import Opened
from zhen.kernel.files.models import File
from zhen.kernel.files.storage import content_name, storage, thumbnail_name
from zhen.kernel.pages.api import Missing


def content(link: Opened) -> DjangoFile[bytes]:
    """The open content that a link leads to. Raises Missing where the storage has lost it."""
    file = link.file
    name = thumbnail_name(file.sha256, link.side) if link.side else content_name(file.sha256)
    try:
        return storage().open(name)
    except FileNotFoundError as fault:
        raise Missing(f"content of file {file.pk}") from fault


def shown_of(files: Iterable[File]) -> dict[UUID, File]:
    """What is shown of each file, by its id: itself, or the newest copy with parts blacked out.

    Asks the database once for each time that any of them was blacked out, and not at all where none was.
    """
    shown = {file.pk: file for file in files}
    while hidden := {file.pk: key for key, file in shown.items() if file.redacted}:
        copies = list(File.objects.filter(redacts__in=hidden).order_by("uploaded_at", "pk"))
        shown |= {hidden[copy.redacts_id]: copy for copy in copies if copy.redacts_id is not None}
        if not copies:
            break  # what has no copy any more stays closed: no link is made to it
    return shown
