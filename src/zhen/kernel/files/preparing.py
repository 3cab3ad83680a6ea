"""From what somebody sent to what can be kept: counted, sniffed, cleaned. Nothing is written down here yet."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import IO, Protocol

from django.utils.translation import gettext as _

from zhen.kernel.files.cleaning import images, office, pdf, sound, video
from zhen.kernel.files.cleaning.values import Cleaned, Unusable, spool
from zhen.kernel.files.kinds import ALL, Kind, Untaken
from zhen.kernel.files.names import clean_name
from zhen.kernel.files.sniffing import sniff
from zhen.kernel.lib.refusals import Refused

MEGABYTE = 1 << 20
MOST_BYTES = 20 * MEGABYTE


class Upload(Protocol):
    """What is sent; Django's UploadedFile has this shape."""

    @property
    def name(self) -> str | None: ...
    def chunks(self, chunk_size: int | None = None, /) -> Iterable[bytes]: ...


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A file that may be kept, as it will be kept."""

    sha256: str
    kind: Kind
    bytes: int
    name: str
    cleaned: Cleaned


def prepare(upload: Upload, *, kinds: Collection[Kind] = ALL, max_bytes: int = MOST_BYTES) -> Prepared:
    """Read at most `max_bytes`, find out the kind, clean. Raises Refused; takes seconds for large files.

    Call it before the action that stores, so that no transaction waits for it.
    """
    given_name = upload.name or ""
    received = _receive(upload, given_name, max_bytes)
    kind = sniff(received)
    if not isinstance(kind, Kind) or kind not in kinds:
        raise untaken(given_name, kind, kinds)
    try:
        cleaned = _clean(received, kind)
    except Unusable as fault:
        raise Refused(field=_("file"), value=given_name, reason=fault.reason, remedy=fault.remedy) from fault
    finally:
        received.close()
    return described(cleaned, kind, given_name)


def described(cleaned: Cleaned, kind: Kind, name: str) -> Prepared:
    cleaned.content.seek(0)
    sha256, size = digest(cleaned.content)
    cleaned.content.seek(0)
    return Prepared(sha256=sha256, kind=kind, bytes=size, name=clean_name(name, kind), cleaned=cleaned)


def digest(content: IO[bytes]) -> tuple[str, int]:
    """The SHA-256 and the length of what is left to read."""
    found, size = hashlib.sha256(), 0
    while piece := content.read(1 << 16):
        found.update(piece)
        size += len(piece)
    return found.hexdigest(), size


def _receive(upload: Upload, name: str, max_bytes: int) -> IO[bytes]:
    received = spool()
    size = 0
    for chunk in upload.chunks():
        size += len(chunk)
        if size > max_bytes:
            received.close()
            raise Refused(
                field=_("file"),
                value=name,
                reason=_("it is larger than %(most)s MB") % {"most": f"{max_bytes / MEGABYTE:g}"},
                remedy=_("Send a smaller version, or split it"),
            )
        received.write(chunk)
    if size == 0:
        raise Refused(field=_("file"), value=name, reason=_("it is empty"), remedy=_("Choose it again"))
    return received


def untaken(name: str, kind: Kind | Untaken | None, kinds: Collection[Kind]) -> Refused:
    """What is said of a file whose kind (None: no known one) is not among those that are taken."""
    taken = "、".join(str(one.label) for one in Kind if one in kinds)
    remedy = _("Send one of these: %(kinds)s") % {"kinds": taken}
    if isinstance(kind, Untaken):
        return Refused(
            field=_("file"),
            value=name,
            reason=_("it is of the kind “%(kind)s”, which is not taken here") % {"kind": kind.name},
            remedy=kind.remedy,
        )
    if isinstance(kind, Kind):
        reason = _("it is of the kind “%(kind)s”, which is not taken here") % {"kind": kind.label}
    else:
        reason = _("its content is of no kind that is taken here, whatever its name says")
    return Refused(field=_("file"), value=name, reason=reason, remedy=remedy)


def _clean(received: IO[bytes], kind: Kind) -> Cleaned:
    match kind:
        case Kind.JPEG | Kind.PNG | Kind.WEBP:
            return images.clean(received, kind)
        case Kind.PDF:
            return pdf.clean(received)
        case Kind.WEBM:
            return sound.clean(received)
        case Kind.MP4 | Kind.M4A:
            return video.clean(received)
        case Kind.DOCX | Kind.XLSX:
            return office.clean(received)
