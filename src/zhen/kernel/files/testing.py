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


def an_m4a(brand: bytes = b"isom") -> bytes:
    """The boxes of a voice memo, as a telephone of Apple's records one."""
    handler = a_box(b"hdlr", bytes(8), b"soun", bytes(12), b"\0")
    return b"".join(
        (
            a_box(b"ftyp", brand, bytes(4), brand),
            a_box(b"moov", a_box(b"trak", a_box(b"mdia", handler)), a_box(b"udta", a_box(b"\xa9xyz", PLACE))),
            a_box(b"mdat", b"sound"),
        )
    )


def an_element(id_: int, *content: bytes, live: bool = False) -> bytes:
    """An element of EBML; `live`: its length is not known, as while something is being recorded."""
    joined = b"".join(content)
    name = id_.to_bytes((id_.bit_length() + 7) // 8)
    return name + (b"\x01" + b"\xff" * 7 if live else b"\x01" + len(joined).to_bytes(7)) + joined


def a_webm(*track_types: int) -> bytes:
    """A voice memo as a browser records one: segment and cluster without a length, and a tag that tells the place."""
    tracks = [an_element(0xAE, an_element(0x83, bytes((type_,)))) for type_ in track_types or (2,)]
    return an_element(0x1A45DFA3, an_element(0x4282, b"webm")) + an_element(
        0x18538067,
        an_element(0x1549A966, an_element(0x2AD7B1, b"\x0f\x42\x40")),
        an_element(0x1654AE6B, *tracks),
        an_element(0x1254C367, PLACE),
        an_element(0x1F43B675, an_element(0xE7, b"\0"), an_element(0xA3, b"\x81\0\0\x80sound"), live=True),
        live=True,
    )
