"""Reading contents. Rows of files are read through the records that they are attached to."""

from __future__ import annotations

from django.core.files.base import File as DjangoFile

from zhen.kernel.files.links import Opened
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
