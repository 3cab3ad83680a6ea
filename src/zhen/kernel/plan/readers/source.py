"""One entry for all formats: what the content is, the right reader, the bounds."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Refused

MAX_BYTES = 20 * 1024 * 1024
MAX_CHARACTERS = 1_000_000

TXT = "text/plain"
HTML = "text/html"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

FIELD = _("file")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text, and where it stood in the file, such as "page 3"."""

    start: int
    end: int
    where: str


@dataclass(frozen=True, slots=True)
class SourceText:
    """What was read: the text, its parts, the type of the content, and the digest of the file."""

    text: str
    blocks: tuple[Block, ...]
    media_type: str
    sha256: str


def read(data: bytes, *, file_name: str) -> SourceText:
    """The text of a file. Raises `Refused` with the remedy where it cannot be read."""
    from zhen.kernel.plan.readers import docx, html, pdf, txt

    if not data:
        raise Refused(field=FIELD, value=file_name, reason=_("it is empty"), remedy=_("Choose the file again"))
    if len(data) > MAX_BYTES:
        raise Refused(
            field=FIELD,
            value=file_name,
            reason=_("it is larger than 20 MB"),
            remedy=_("Save the text without pictures, or as a plain text file"),
        )
    media_type = sniff(data, file_name=file_name)
    readers = {TXT: txt.blocks, HTML: html.blocks, PDF: pdf.blocks, DOCX: docx.blocks}
    text, blocks = readers[media_type](data, file_name)
    if "\x00" in text:
        text = text.replace("\x00", "\N{REPLACEMENT CHARACTER}")  # PostgreSQL holds no NUL; offsets stay
    if not text.strip():
        raise Refused(
            field=FIELD,
            value=file_name,
            reason=_("it holds no text; it may be a scan"),
            remedy=_("Have the scan recognised first, or import the original file"),
        )
    if len(text) > MAX_CHARACTERS:
        raise Refused(
            field=FIELD,
            value=file_name,
            reason=_("its text is longer than 1,000,000 characters"),
            remedy=_("Import the plan without its annexes"),
        )
    return SourceText(text, blocks, media_type, hashlib.sha256(data).hexdigest())


def sniff(data: bytes, *, file_name: str) -> str:
    """The type by content; the name of the file decides nothing."""
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return DOCX
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(
            field=FIELD,
            value=file_name,
            reason=_("it is an old binary document (.doc or .wps)"),
            remedy=_("Open it and save it as .docx"),
        )
    if head[:5].lower() in (b"<!doc", b"<html", b"<?xml") or b"<body" in data[:4096].lower():
        return HTML
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused(
            field=FIELD,
            value=file_name,
            reason=_("it is neither text nor a document that can be read"),
            remedy=_("Save it as .docx, .pdf, .html or .txt"),
        )
    return TXT
