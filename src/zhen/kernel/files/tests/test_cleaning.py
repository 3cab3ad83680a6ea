"""What may come in, and what is left of it: sniffed by content, nothing told about maker and place."""

from __future__ import annotations

import io
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from zhen.kernel.files.api import ALL, DOCUMENTS, IMAGES, Kind, Prepared, prepare
from zhen.kernel.files.cleaning import images
from zhen.kernel.files.testing import (
    PLACE,
    a_box,
    a_container,
    a_docx,
    a_pdf,
    a_webm,
    an_image,
    an_m4a,
    an_mp4,
    an_upload,
    an_xlsx,
)
from zhen.kernel.lib.refusals import Refused

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # of odd EXIF, which goes anyway

SAMPLES = {
    Kind.JPEG: an_image(Kind.JPEG),
    Kind.PNG: an_image(Kind.PNG),
    Kind.WEBP: an_image(Kind.WEBP),
    Kind.PDF: a_pdf(),
    Kind.DOCX: a_docx(),
    Kind.XLSX: an_xlsx(),
    Kind.MP4: an_mp4(),
    Kind.WEBM: a_webm(),
    Kind.M4A: an_m4a(),
}


def kept(content: bytes, name: str = "photo.jpg", kinds: frozenset[Kind] = ALL) -> bytes:
    return bytes_of(prepare(an_upload(content, name), kinds=kinds))


def bytes_of(prepared: Prepared) -> bytes:
    prepared.cleaned.content.seek(0)
    return prepared.cleaned.content.read()


def refused(content: bytes, kinds: frozenset[Kind] = ALL) -> Refused:
    with pytest.raises(Refused) as told:
        prepare(an_upload(content), kinds=kinds)
    return told.value


def a_png(width: int, height: int, pixels: bytes = b"") -> bytes:
    def chunk(type_: bytes, content: bytes) -> bytes:
        sum_ = zlib.crc32(type_ + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + type_ + content + sum_

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_known_by_its_content_whatever_its_name_says(kind: Kind) -> None:
    prepared = prepare(an_upload(SAMPLES[kind], "readme.exe"))
    assert prepared.kind is kind
    assert prepared.name == f"readme.{kind.extension}"
    assert (prepared.cleaned.width, prepared.cleaned.height) == ((64, 48) if kind.is_image else (None, None))


@pytest.mark.parametrize("kind", Kind)
def test_nothing_tells_any_longer_who_made_it_and_where(kind: Kind) -> None:
    given = SAMPLES[kind]
    if kind in (Kind.DOCX, Kind.XLSX):
        with zipfile.ZipFile(io.BytesIO(kept(given))) as container:
            left = b"".join(container.read(name) for name in container.namelist())
    elif kind is Kind.PDF:
        reader = PdfReader(io.BytesIO(kept(given)))
        assert not reader.metadata or "/Author" not in reader.metadata
        assert not reader.attachments
        left = kept(given)
        assert b"app.alert" not in left
    else:
        left = kept(given)
    assert PLACE not in left
    assert PLACE.decode() not in left.decode("latin-1")


def test_a_photo_has_lost_its_exif_gps_and_comment() -> None:
    given = Image.open(io.BytesIO(SAMPLES[Kind.JPEG]))
    assert given.getexif().get_ifd(0x8825)
    image = Image.open(io.BytesIO(kept(SAMPLES[Kind.JPEG])))
    assert dict(image.getexif()) == {}
    assert not image.getexif().get_ifd(0x8825)
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_as_its_camera_meant_it(orientation: int) -> None:
    from PIL import ImageOps

    given = an_image(Kind.PNG, (40, 24), orientation=orientation)
    meant = ImageOps.exif_transpose(Image.open(io.BytesIO(given)))
    image = Image.open(io.BytesIO(kept(given)))
    assert image.size == ((40, 24) if orientation < 5 else (24, 40))
    assert image.tobytes() == meant.tobytes()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_images_of_any_mode_come_through(mode: str) -> None:
    image = Image.new("I;16", (9, 7), 65535) if mode == "I;16" else Image.new("RGB", (9, 7), "white").convert(mode)
    written = io.BytesIO()
    image.save(written, "JPEG" if mode == "CMYK" else "PNG")
    again = Image.open(io.BytesIO(kept(written.getvalue())))
    assert again.size == (9, 7)
    assert again.convert("L").getpixel((4, 3)) == 255


def test_transparency_stays_and_an_animation_keeps_its_first_picture() -> None:
    written = io.BytesIO()
    first, second = Image.new("RGBA", (8, 8), (255, 0, 0, 0)), Image.new("RGBA", (8, 8), "blue")
    first.save(written, "WEBP", save_all=True, append_images=[second], lossless=True)
    again = Image.open(io.BytesIO(kept(written.getvalue())))
    assert getattr(again, "n_frames", 1) == 1
    assert again.convert("RGBA").getpixel((4, 4))[3] == 0  # type: ignore[index]  # a pixel of four


def test_thumbnails_come_in_two_sizes_and_never_larger_than_the_image() -> None:
    large = prepare(an_upload(an_image(size=(1600, 900)))).cleaned.thumbnails
    assert {side: Image.open(io.BytesIO(made)).size for side, made in large.items()} == {
        1280: (1280, 720),
        320: (320, 180),
    }
    small = prepare(an_upload(an_image(size=(64, 48)))).cleaned.thumbnails
    assert {Image.open(io.BytesIO(made)).size for made in small.values()} == {(64, 48)}
    assert all(PLACE not in made for made in large.values())


def test_what_is_of_no_kind_that_is_taken_is_refused_with_the_way_out() -> None:
    assert "of no kind that is taken" in str(refused(b"<html><script>alert(1)</script>"))
    assert "PDF document" in str(refused(b"MZ\x90\x00", DOCUMENTS).remedy)
    assert "“PDF document”, which is not taken here" in str(refused(SAMPLES[Kind.PDF], IMAGES))
    assert "Most Compatible" in str(refused(a_box(b"ftyp", b"heic", bytes(8))))
    assert "QuickTime" in str(refused(a_box(b"ftyp", b"qt  ", bytes(8))))
    assert "GIF image" in str(refused(b"GIF89a" + bytes(20)))
    assert "Save it as .docx" in str(refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(20)))
    assert "it is empty" in str(refused(b""))


def test_a_file_is_counted_while_it_comes_in() -> None:
    class Endless:
        name = "endless.jpg"
        asked = 0

        def chunks(self, chunk_size: int | None = None) -> object:
            while True:
                self.asked += 1
                yield b"\xff\xd8\xff" + bytes(65_536)

    endless = Endless()
    with pytest.raises(Refused, match="larger than 1 MB"):
        prepare(endless, max_bytes=1 << 20)  # type: ignore[arg-type]  # a generator is an iterable
    assert endless.asked == 16


def test_an_image_bomb_is_refused_by_its_head() -> None:
    assert "far too many pixels" in str(refused(a_png(30_000, 30_000)))
    assert "100000 × 1 pixels" in str(refused(a_png(100_000, 1)))
    assert "at most 50 megapixels" in str(refused(a_png(7_100, 7_100)))
    assert "damaged" in str(refused(a_png(7_000, 7_000)))


def test_the_limit_of_pixels_itself_is_taken() -> None:
    assert images.MOST_PIXELS == 50_000_000
    prepared = prepare(an_upload(a_png(2_000, 1_000, b"\x00" * (2_000 * 3 + 1) * 1_000)))
    assert (prepared.cleaned.width, prepared.cleaned.height) == (2_000, 1_000)


def test_a_document_that_unpacks_without_end_is_refused() -> None:
    bomb = a_container(
        {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>", "word/more.xml": bytes(210 << 20)}
    )
    assert len(bomb) < 1 << 20
    assert "unpacks to more than 200 MB" in str(refused(bomb))


def test_macros_and_passwords_are_refused() -> None:
    assert "holds macros" in str(refused(a_docx(**{"word__vbaProject.bin": b"\xcc\x61"})))
    assert "locked with a password" in str(refused(a_pdf(encrypt="secret")))


def test_a_signed_document_stays_byte_for_byte() -> None:
    signed = a_pdf(signed=True)
    assert kept(signed, "contract.pdf") == signed


@pytest.mark.parametrize("kind", sorted(IMAGES | {Kind.PDF, Kind.DOCX}))
def test_what_is_two_things_at_once_is_only_one_afterwards(kind: Kind) -> None:
    tail = b"<html><script>alert(document.domain)</script></html>"
    archive = a_container({"evil.js": b"alert(1)"})
    assert tail not in kept(SAMPLES[kind] + tail)
    polyglot = kept(SAMPLES[kind] + archive) if kind is not Kind.DOCX else kept(SAMPLES[kind])
    assert b"evil.js" not in polyglot


def test_a_document_hidden_behind_something_else_is_not_taken() -> None:
    assert "no kind" in str(refused(b"<script>" + SAMPLES[Kind.PDF]))
    assert "no kind" in str(refused(b"#!/bin/sh\n" + SAMPLES[Kind.DOCX]))


def test_a_video_keeps_its_pictures_in_their_place() -> None:
    cleaned = kept(SAMPLES[Kind.MP4])
    assert len(cleaned) == len(SAMPLES[Kind.MP4])
    assert cleaned.index(b"pictures") == SAMPLES[Kind.MP4].index(b"pictures")
    assert b"udta" not in cleaned
    assert cleaned.count(b"free") == 2


def test_a_voice_memo_keeps_its_sound_and_tells_no_place() -> None:
    cleaned = kept(SAMPLES[Kind.WEBM])
    assert len(cleaned) == len(SAMPLES[Kind.WEBM])
    assert cleaned.index(b"sound") == SAMPLES[Kind.WEBM].index(b"sound")
    assert PLACE not in cleaned
    assert PLACE not in kept(SAMPLES[Kind.M4A])


def test_a_voice_memo_with_pictures_in_it_is_refused_with_the_way_out() -> None:
    assert "more than sound" in str(refused(a_webm(2, 1)))
    assert refused(a_webm(2, 1)).remedy == "Record a voice memo, or send the video as MP4"
    assert "damaged" in str(refused(SAMPLES[Kind.WEBM][:-9]))


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.PDF])
@given(data=st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cut_and_changed_bytes_are_cleaned_or_refused_and_nothing_else(kind: Kind, data: st.DataObject) -> None:
    given = bytearray(SAMPLES[kind])
    for _ in range(data.draw(st.integers(0, 8))):
        given[data.draw(st.integers(0, len(given) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.one_of(st.just(len(given)), st.integers(0, len(given))))
    with suppress(Refused):
        assert prepare(an_upload(bytes(given[:cut]))).bytes > 0


@given(data=st.data())
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_cut_and_changed_pdfs_are_cleaned_or_refused_and_nothing_else(data: st.DataObject) -> None:
    given = bytearray(SAMPLES[Kind.PDF])
    for _ in range(data.draw(st.integers(1, 8))):
        given[data.draw(st.integers(5, len(given) - 1))] = data.draw(st.integers(0, 255))
    with suppress(Refused):
        assert bytes_of(prepare(an_upload(bytes(given)))).startswith(b"%PDF-")


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_or_of_a_kind(content: bytes) -> None:
    with suppress(Refused):
        assert prepare(an_upload(content)).kind in Kind
