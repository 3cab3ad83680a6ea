"""For tests: files as people send them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image

from zhen.kernel.files.kinds import Kind

PLACE = b"31.2456N 121.3987E"
"""What a cleaned file must not hold any more."""


def an_upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def an_image(
    kind: Kind = Kind.JPEG, size: tuple[int, int] = (64, 48), *, orientation: int = 1, mode: str = "RGB", seed: int = 0
) -> bytes:
    """A gradient, and a photo's metadata: maker, place, comment."""
    image = Image.merge("RGB", [Image.linear_gradient("L").resize(size).rotate(90 * n + seed) for n in range(3)])
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Maker"
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = PLACE.decode()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (31.0, 14.0, 44.0)
    written = io.BytesIO()
    options: dict[str, object] = {"exif": exif}
    if kind is Kind.JPEG:
        options["comment"] = PLACE
    image.convert(mode).save(written, kind.name, **options)
    return written.getvalue()


def a_pdf(*, encrypt: str = "", signed: bool = False) -> bytes:
    """One page that says who made it, runs a script and encloses a file."""
    from pypdf import PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, NumberObject, TextStringObject

    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": PLACE.decode()})
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer._root_object[NameObject("/OpenAction")] = script
    writer.add_attachment("inside.txt", PLACE)
    if signed:
        form = DictionaryObject({NameObject("/SigFlags"): NumberObject(3)})
        writer._root_object[NameObject("/AcroForm")] = form
    if encrypt:
        writer.encrypt(encrypt)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def a_container(parts: Mapping[str, bytes]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return written.getvalue()


def a_docx(**more: bytes) -> bytes:
    from docx import Document

    document = Document()
    document.add_paragraph("路灯不亮")
    document.core_properties.author = PLACE.decode()
    written = io.BytesIO()
    document.save(written)
    if not more:
        return written.getvalue()
    with zipfile.ZipFile(written) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    return a_container({**parts, **{name.replace("__", "/"): content for name, content in more.items()}})


def an_xlsx() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    book.active["A1"] = "路灯"
    book.properties.creator = PLACE.decode()
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def a_box(type_: bytes, *content: bytes) -> bytes:
    joined = b"".join(content)
    return struct.pack(">I4s", len(joined) + 8, type_) + joined


def an_mp4(brand: bytes = b"isom") -> bytes:
    """The boxes of a phone's video without pictures: where it was taken stands in the user data."""
    return b"".join(
        (
            a_box(b"ftyp", brand, bytes(4), brand),
            a_box(
                b"moov",
                a_box(b"mvhd", bytes(100)),
                a_box(b"trak", a_box(b"tkhd", bytes(84)), a_box(b"udta", a_box(b"name", PLACE))),
                a_box(b"udta", a_box(b"\xa9xyz", PLACE)),
            ),
            a_box(b"mdat", b"pictures"),
        )
    )
