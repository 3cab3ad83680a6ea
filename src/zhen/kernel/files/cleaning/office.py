"""Word and Excel files: the container is written anew, without macros and without its makers' names."""

from __future__ import annotations

import zipfile
import zlib
from typing import IO

from django.utils.translation import gettext as _

from zhen.kernel.files.cleaning.values import Cleaned, Unusable, spool

MOST_PARTS = 5_000
MOST_UNPACKED = 200 * 1024 * 1024
"""In all parts together: a real document of 20 MB unpacks to far less, a bomb to far more."""
_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EMPTIED = {
    "docProps/core.xml": _XML
    + b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    "docProps/app.xml": _XML
    + b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>',
    "docProps/custom.xml": _XML
    + b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"/>',
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


def clean(source: IO[bytes]) -> Cleaned:
    """The document with the same parts, but for the properties. Raises Unusable."""
    content = spool()
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as given, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as kept:
            _copy(given, kept)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError, RuntimeError) as fault:
        raise Unusable(
            _("the document is damaged or locked with a password"), _("Open it in Office, save it again, and send that")
        ) from fault
    content.seek(0)
    return Cleaned(content=content)


def _copy(given: zipfile.ZipFile, kept: zipfile.ZipFile) -> None:
    parts = given.infolist()
    if len(parts) > MOST_PARTS or len({part.filename for part in parts}) != len(parts):
        raise zipfile.BadZipFile
    left = MOST_UNPACKED
    for part in parts:
        if part.filename.lower().endswith(("vbaproject.bin", "vbadata.xml")):
            raise Unusable(_("the document holds macros"), _("Save it without macros, as .docx or .xlsx, or as PDF"))
        entry = zipfile.ZipInfo(part.filename, _EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with kept.open(entry, "w") as target:
            if part.filename in _EMPTIED:
                target.write(_EMPTIED[part.filename])
                continue
            with given.open(part) as unpacked:
                left -= _copy_part(unpacked, target, left)


def _copy_part(unpacked: IO[bytes], target: IO[bytes], left: int) -> int:
    """Copy a part, however long it says it is, as long as the document stays within its limit."""
    before = left
    while piece := unpacked.read(1 << 16):
        left -= len(piece)
        if left < 0:
            raise Unusable(
                _("the document unpacks to more than %(most)s MB") % {"most": MOST_UNPACKED >> 20},
                _("Split it, or send it as PDF"),
            )
        target.write(piece)
    return before - left
