"""What a file is, told by its first bytes. The name and the media type that came with it are never asked."""

from __future__ import annotations

import zipfile
from typing import IO

from zhen.kernel.files.cleaning.values import Unusable
from zhen.kernel.files.cleaning.video import shows_nothing
from zhen.kernel.files.kinds import GIF, HEIC, MOV, OLD_OFFICE, Kind, Untaken

HEAD = 64
"""As many bytes are looked at, but for ZIP containers, whose directory stands at the end, and for the tracks of MP4."""

_MP4_BRANDS = frozenset(
    (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"M4VP", b"dash", b"MSNV")
)
_HEIF_BRANDS = frozenset(
    (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"mif2", b"msf1", b"avif", b"avis")
)
_MAIN_PARTS = {"word/document.xml": Kind.DOCX, "xl/workbook.xml": Kind.XLSX}


def sniff(file: IO[bytes]) -> Kind | Untaken | None:
    """The kind of a file from its content; the file is left at its start. `None` is none that we know."""
    file.seek(0)
    head = file.read(HEAD)
    found = _by_head(head)
    if found is Kind.MP4 and _is_sound(file):
        found = Kind.M4A
    if found is None and head.startswith(b"PK\x03\x04"):
        found = _by_directory(file)
    file.seek(0)
    return found


def _by_head(head: bytes) -> Kind | Untaken | None:
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return Kind.WEBM
    if head.startswith(b"%PDF-"):
        return Kind.PDF
    if head[4:8] == b"ftyp":
        return _by_brand(head[8:12])
    if head.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return OLD_OFFICE
    return None


def _by_brand(brand: bytes) -> Kind | Untaken | None:
    if brand in _MP4_BRANDS:
        return Kind.MP4
    if brand in (b"M4A ", b"M4B "):
        return Kind.M4A
    if brand in _HEIF_BRANDS:
        return HEIC
    return MOV if brand == b"qt  " else None


def _is_sound(file: IO[bytes]) -> bool:
    try:
        return shows_nothing(file)
    except Unusable:  # cleaning says so
        return False


def _by_directory(file: IO[bytes]) -> Kind | None:
    try:
        with zipfile.ZipFile(file) as container:
            names = set(container.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
