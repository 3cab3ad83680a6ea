"""Images: decoded and written anew, so that nothing is left but pixels.

EXIF, GPS, XMP, comments, embedded thumbnails and whatever lies behind the image's end go. The orientation is
applied, and colours are converted to sRGB, because the profile goes as well.
"""

from __future__ import annotations

import io
import struct
import threading
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from typing import IO, TypeVar

from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms, ImageDraw

from zhen.kernel.files.cleaning.values import Cleaned, Unusable, spool
from zhen.kernel.files.kinds import Kind

MOST_PIXELS = 50_000_000
MOST_SIDE = 30_000
THUMBNAILS = (320, 1280)
"""Pixels of the longer side: for lists, and for looking at."""
QUALITY = 88
THUMBNAIL_QUALITY = 80

_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    EOFError,
    struct.error,
    zlib.error,
)
"""What Pillow's decoders raise on bytes that are no image."""
_BOMB = (Image.DecompressionBombError, Image.DecompressionBombWarning)
_one_at_a_time = threading.BoundedSemaphore(1)
"""An image of 50 megapixels takes some 400 MB while it is worked on."""

Box = tuple[int, int, int, int]
R = TypeVar("R")


def clean(source: IO[bytes], kind: Kind) -> Cleaned:
    """The image anew, with its thumbnails. Raises Unusable."""
    with _one_at_a_time:
        return _kept(_upright(_opened(source, kind)), kind)


def burn(source: IO[bytes], kind: Kind, boxes: Iterable[Box]) -> Cleaned:
    """The image with opaque boxes in place of its pixels; each box is left, top, right, bottom (exclusive)."""
    with _one_at_a_time:
        image = _opened(source, kind)
        image = image.convert("RGB") if image.mode in ("P", "1") else image
        draw = ImageDraw.Draw(image)
        for left, top, right, bottom in boxes:
            draw.rectangle((left, top, right - 1, bottom - 1), fill="black")
        return _kept(image, kind)


def thumbnails(source: IO[bytes], kind: Kind) -> dict[int, bytes]:
    """The thumbnails of a stored image, anew."""
    with _one_at_a_time:
        return _thumbnails(_opened(source, kind))


def _opened(source: IO[bytes], kind: Kind) -> Image.Image:
    """The decoded pixels, in a mode that we write."""
    source.seek(0)
    image = _attempt(lambda: Image.open(source, formats=(kind.name,)))
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise _too_large(width, height)
    _attempt(image.load)
    return image


def _attempt(step: Callable[[], R]) -> R:
    try:
        return step()
    except _BOMB as fault:
        raise _too_large(0, 0) from fault
    except _BROKEN as fault:
        raise Unusable(
            _("the image is damaged or incomplete"), _("Open it in an image program, save it again, and send that")
        ) from fault


def _too_large(width: int, height: int) -> Unusable:
    size = _("the image has %(width)s × %(height)s pixels") % {"width": width, "height": height}
    reason = size if width else _("the image has far too many pixels")
    return Unusable(reason, _("Send one of at most %(most)s megapixels") % {"most": MOST_PIXELS // 1_000_000})


_TURNS = {
    2: (Image.Transpose.FLIP_LEFT_RIGHT,),
    3: (Image.Transpose.ROTATE_180,),
    4: (Image.Transpose.FLIP_TOP_BOTTOM,),
    5: (Image.Transpose.TRANSPOSE,),
    6: (Image.Transpose.ROTATE_270,),
    7: (Image.Transpose.TRANSVERSE,),
    8: (Image.Transpose.ROTATE_90,),
}


def _upright(image: Image.Image) -> Image.Image:
    """The image as it is to be looked at (EXIF, orientation) and in sRGB."""
    orientation, profile = _orientation(image), image.info.get("icc_profile")
    image = _writable(image)
    if profile and image.mode == "RGB":
        _to_srgb(image, profile)
    for turn in _TURNS.get(orientation, ()):
        image = image.transpose(turn)
    return image


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except _BROKEN:  # the picture is whole, only what is said about it is not: it goes anyway
        return 1


def _writable(image: Image.Image) -> Image.Image:
    """In one of the modes L, LA, P, RGB and RGBA, without anything that is not a pixel."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")  # 16 bits of grey
    elif image.mode == "P" and "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in ("L", "RGB") and "transparency" in image.info:
        image = image.convert("LA" if image.mode == "L" else "RGBA")
    elif image.mode == "1":
        image = image.convert("L")
    elif image.mode not in ("L", "LA", "P", "RGB", "RGBA"):
        image = image.convert("RGB")
    image.info = {}
    return image


def _to_srgb(image: Image.Image, profile: bytes) -> None:
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        ImageCms.profileToProfile(image, given, _srgb(), inPlace=True)
    except (ImageCms.PyCMSError, *_BROKEN):
        return  # a profile that cannot be read changes no pixel
    finally:
        image.info = {}


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _kept(image: Image.Image, kind: Kind) -> Cleaned:
    image.info = {}
    content = spool()
    match kind:
        case Kind.JPEG:
            image = image if image.mode in ("L", "RGB") else image.convert("RGB")
            image.save(content, "JPEG", quality=QUALITY)
        case Kind.PNG:
            image.save(content, "PNG")
        case _:
            image = image if image.mode in ("RGB", "RGBA") else image.convert("RGBA" if "A" in image.mode else "RGB")
            image.save(content, "WEBP", quality=QUALITY)
    content.seek(0)
    width, height = image.size
    return Cleaned(content=content, width=width, height=height, thumbnails=_thumbnails(image))


def _thumbnails(image: Image.Image) -> dict[int, bytes]:
    transparent = "A" in image.mode
    small = image.copy() if image.mode in ("RGB", "RGBA") else image.convert("RGBA" if transparent else "RGB")
    made = {}
    for side in sorted(THUMBNAILS, reverse=True):
        small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
        written = io.BytesIO()
        small.save(written, "WEBP", quality=THUMBNAIL_QUALITY)
        made[side] = written.getvalue()
    return made
