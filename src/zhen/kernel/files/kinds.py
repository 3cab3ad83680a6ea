"""The kinds of files that can be stored, and what is told about those that cannot."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Kind(models.TextChoices):
    JPEG = "jpeg", _("JPEG image")
    PNG = "png", _("PNG image")
    WEBP = "webp", _("WebP image")
    PDF = "pdf", _("PDF document")
    DOCX = "docx", _("Word document (.docx)")
    XLSX = "xlsx", _("Excel workbook (.xlsx)")
    MP4 = "mp4", _("MP4 video")
    WEBM = "webm", _("WebM sound")
    M4A = "m4a", _("MP4 sound")

    @property
    def media_type(self) -> str:
        return MEDIA_TYPES[self]

    @property
    def extension(self) -> str:
        return "jpg" if self is Kind.JPEG else self.value

    @property
    def is_image(self) -> bool:
        return self in IMAGES

    @property
    def is_sound(self) -> bool:
        return self in SOUND


IMAGES = frozenset({Kind.JPEG, Kind.PNG, Kind.WEBP})
SOUND = frozenset({Kind.WEBM, Kind.M4A})
"""What browsers record of a voice: some the one, some the other."""
DOCUMENTS = frozenset({Kind.PDF, Kind.DOCX, Kind.XLSX})
ALL = frozenset(Kind)

_OFFICE = "application/vnd.openxmlformats-officedocument."
MEDIA_TYPES = {
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.WEBP: "image/webp",
    Kind.PDF: "application/pdf",
    Kind.DOCX: f"{_OFFICE}wordprocessingml.document",
    Kind.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    Kind.MP4: "video/mp4",
    Kind.WEBM: "audio/webm",
    Kind.M4A: "audio/mp4",
}


@dataclass(frozen=True, kw_only=True)
class Untaken:
    """A kind that is recognised and never stored, with the way out."""

    name: Text
    remedy: Text


HEIC = Untaken(
    name=_("HEIC image"),
    remedy=_("Save it as JPEG first; an iPhone does so under Settings, Camera, Formats, Most Compatible"),
)
GIF = Untaken(name=_("GIF image"), remedy=_("Save it as PNG or JPEG first"))
OLD_OFFICE = Untaken(name=_("old Office document (.doc, .xls)"), remedy=_("Save it as .docx, .xlsx or PDF first"))
MOV = Untaken(name=_("QuickTime video"), remedy=_("Save it as MP4 first"))
