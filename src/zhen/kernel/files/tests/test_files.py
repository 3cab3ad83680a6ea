"""Storing, redacting, giving up, and rows and contents in agreement."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from zhen.kernel.access.api import Actor, Denied
from zhen.kernel.files import api as files
from zhen.kernel.files.api import Box, File, Kind
from zhen.kernel.files.redaction import parse, write
from zhen.kernel.files.storage import content_name, thumbnail_name
from zhen.kernel.files.testing import PLACE, a_pdf, an_image, an_upload
from zhen.kernel.files.tests.conftest import CLERK, HEAD, RESIDENT, STRANGER, contents
from zhen.kernel.files.tidying import faults, forget, mend, sweep
from zhen.kernel.journal.api import READ, Event
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Missing
from zhen.kernel.parties.actions.retention import run_retention

pytestmark = pytest.mark.django_db

WHOLE = Box(left=0, top=0, width=1, height=1)
NOW = datetime(2026, 6, 1, 4, 3, tzinfo=UTC)


def stored(actor: Actor = CLERK, content: bytes = b"", name: str = "photo.jpg") -> File:
    return files.store(actor, an_upload(content or an_image(), name))


def content_of(file: File, place: Path) -> bytes:
    return (place / content_name(file.sha256)).read_bytes()


def test_a_file_lies_under_the_hash_of_what_is_kept(place: Path) -> None:
    file = stored(name="王小明家门口.jpg")
    assert hashlib.sha256(content_of(file, place)).hexdigest() == file.sha256
    assert contents(place) == sorted(
        [content_name(file.sha256), *(thumbnail_name(file.sha256, side) for side in (320, 1280))]
    )
    assert (file.kind, file.width, file.height, file.uploaded_by) == ("jpeg", 64, 48, CLERK.id)
    assert PLACE not in content_of(file, place)
    assert (place / content_name(file.sha256)).stat().st_mode & 0o777 == 0o600


def test_the_journal_tells_of_it_without_its_name() -> None:
    file = stored(name="王小明.jpg")
    event = Event.objects.get(kind="files.stored")
    assert (event.subject_id, event.data) == (str(file.pk), {"kind": "jpeg", "bytes": file.bytes})


def test_a_resident_without_an_account_may_send_one() -> None:
    assert stored(RESIDENT).uploaded_by is None


def test_the_same_content_is_kept_once(place: Path) -> None:
    first, second = stored(), stored(RESIDENT, name="again.jpg")
    assert first.sha256 == second.sha256
    assert len(contents(place)) == 3


def test_a_refused_file_leaves_nothing_behind(place: Path) -> None:
    with pytest.raises(Refused):
        stored(content=b"nothing of the kind")
    assert contents(place) == []
    assert not File.objects.exists()


def test_the_database_holds_what_a_file_is() -> None:
    file = stored()
    for wrong in ({"sha256": "../../etc"}, {"bytes": 0}, {"kind": "exe"}, {"width": None}, {"reason": "none"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            File.objects.filter(pk=file.pk).update(**wrong)


# redaction


def test_a_redaction_burns_the_boxes_into_the_pixels_and_keeps_the_original(place: Path) -> None:
    file = stored(content=an_image(Kind.PNG, (100, 100)))
    before = content_of(file, place)
    copy = files.redact(CLERK, file, [Box(left=0.1, top=0.2, width=0.3, height=0.4)], "a face of a child")
    image = Image.open(io.BytesIO(content_of(copy, place)))
    burnt = {image.getpixel((x, y)) for x in range(10, 40) for y in range(20, 60)}
    assert burnt == {(0, 0, 0)}
    whole = Image.open(io.BytesIO(before))
    assert image.getpixel((9, 19)) == whole.getpixel((9, 19))
    assert image.getpixel((40, 60)) == whole.getpixel((40, 60))
    assert content_of(file, place) == before
    assert (copy.redacts_id, copy.reason, file.redacted) == (file.pk, "a face of a child", True)
    assert Event.objects.get(kind="files.redacted").data == {"original": str(file.pk), "boxes": 1}


@pytest.mark.parametrize("kind", [Kind.JPEG, Kind.PNG, Kind.WEBP])
@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA"])
def test_thumbnails_of_a_redaction_show_nothing_either(place: Path, kind: Kind, mode: str) -> None:
    if kind is Kind.JPEG and mode in ("P", "RGBA"):
        pytest.skip("JPEG has no such mode")
    copy = files.redact(CLERK, stored(content=an_image(kind, mode=mode)), [WHOLE], "all of it")
    for name in (content_name(copy.sha256), thumbnail_name(copy.sha256, 320)):
        image = Image.open(place / name).convert("RGB")
        assert max(high for _low, high in image.getextrema()) <= 2  # type: ignore[misc]  # three bands


def test_the_original_is_then_only_for_those_with_the_right_and_a_purpose() -> None:
    file = stored()
    copy = files.redact(CLERK, file, [WHOLE], "a number plate")
    again = files.redact(CLERK, copy, [WHOLE], "another one")
    file.refresh_from_db()
    with pytest.raises(Denied, match=r"files\.original\.view"):
        files.url(HEAD, file)
    assert files.url(CLERK, again)
    with pytest.raises(Denied, match="Cleo lacks"):
        files.open_original(CLERK.for_purpose("looking"), again)
    with pytest.raises(Refused, match="for a purpose"):
        files.open_original(HEAD, again)
    assert files.open_original(HEAD.for_purpose("an objection"), again) == file
    event = Event.objects.get(kind=READ)
    assert (event.subject_id, event.data["purpose"]) == (str(file.pk), "an objection")
    assert files.opened(HEAD, token_of(files.original_url(HEAD, file)), clock.now()).file == file


def test_who_has_no_right_redacts_nothing() -> None:
    with pytest.raises(Denied, match="Charlie lacks"):
        files.redact(STRANGER, stored(), [WHOLE], "why not")


@pytest.mark.parametrize(
    ("boxes", "reason", "told"),
    [
        ([], "x", "1 to 100 boxes"),
        ([WHOLE] * 101, "x", "1 to 100 boxes"),
        ([Box(left=0.5, top=0, width=0.6, height=0.1)], "x", "each inside the image"),
        ([Box(left=0, top=0, width=float("nan"), height=0.1)], "x", "each inside the image"),
        ([WHOLE], "  ", "needs a reason"),
    ],
)
def test_a_redaction_needs_boxes_inside_and_a_reason(boxes: list[Box], reason: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        files.redact(CLERK, stored(), boxes, reason)


def test_only_images_are_redacted() -> None:
    with pytest.raises(Refused, match="only images"):
        files.redact(CLERK, stored(content=a_pdf()), [WHOLE], "x")


fractions = st.floats(0, 1)


@given(fractions, fractions, st.floats(0.0001, 1), st.floats(0.0001, 1), st.integers(1, 9000), st.integers(1, 9000))
def test_a_box_covers_every_pixel_that_it_touches(
    left: float, top: float, width: float, height: float, across: int, down: int
) -> None:
    box = Box(left=left, top=top, width=min(width, 1 - left) or 0.0001, height=min(height, 1 - top) or 0.0001)
    x0, y0, x1, y1 = box.pixels(across, down)
    assert 0 <= x0 < x1 <= across
    assert 0 <= y0 < y1 <= down
    assert x0 <= box.left * across
    assert x1 >= min((box.left + box.width) * across, across) - 1e-6


@given(st.lists(st.builds(Box, left=fractions, top=fractions, width=fractions, height=fractions), max_size=5))
def test_boxes_are_read_as_they_are_written(boxes: list[Box]) -> None:
    again = parse(write(boxes))
    assert [pytest.approx(vars(box), abs=1e-6) for box in boxes] == [vars(box) for box in again]


# links


def token_of(url: str) -> str:
    return url.rstrip("/").rpartition("/")[2]


def test_a_link_opens_to_its_reader_for_a_short_time_and_to_nobody_else() -> None:
    file = stored()
    with clock.frozen(NOW):
        token = token_of(files.url(CLERK, file, side=files.SMALL))
        assert token == token_of(files.url(CLERK, file, side=files.SMALL))
    opened = files.opened(CLERK, token, NOW + timedelta(minutes=10))
    assert (opened.file, opened.side, opened.media_type) == (file, 320, "image/webp")
    with pytest.raises(Missing):
        files.opened(CLERK, token, NOW + timedelta(minutes=21))
    for other in (HEAD, RESIDENT):
        with pytest.raises(Missing):
            files.opened(other, token, NOW)
    for wrong in ("", token[:-1], f"{token}x", "a:b", files.kept_token(CLERK, file)):
        with pytest.raises(Missing):
            files.opened(CLERK, wrong, NOW)


def test_a_link_reads_the_content_and_says_so_when_it_is_lost(place: Path) -> None:
    file = stored()
    link = files.opened(CLERK, token_of(files.url(CLERK, file)), clock.now())
    with files.content(link) as content:
        assert content.read() == content_of(file, place)
    (place / content_name(file.sha256)).unlink()
    with pytest.raises(Missing):
        files.content(link)


def test_a_file_that_was_sent_ahead_is_attached_by_its_sender_only() -> None:
    file = stored()
    token = files.kept_token(CLERK, file)
    assert files.kept(CLERK, token) == file
    with pytest.raises(Missing):
        files.kept(HEAD, token)
    file.delete()
    with pytest.raises(Missing):
        files.kept(CLERK, token)


def test_a_ticket_says_what_may_be_sent_ahead() -> None:
    with clock.frozen(NOW):
        ticket = files.ticket(RESIDENT, files.IMAGES, 1000)
    assert files.redeemed(RESIDENT, ticket, NOW) == (files.IMAGES, 1000)
    with pytest.raises(Missing):
        files.redeemed(RESIDENT, ticket, NOW + timedelta(hours=13))
    with pytest.raises(Missing):
        files.redeemed(CLERK, ticket, NOW)


# agreement


def test_a_file_that_is_given_up_goes_with_its_originals_and_contents(place: Path) -> None:
    file = stored()
    copy = files.redact(CLERK, file, [WHOLE], "x")
    files.discard(CLERK, copy)
    assert not File.objects.exists()
    for sha256 in (file.sha256, copy.sha256):
        forget(sha256)
    assert contents(place) == []
    assert Event.objects.filter(kind="files.discarded").count() == 2


def test_a_file_that_a_record_holds_is_not_given_up() -> None:
    file = stored()
    files.redact(CLERK, file, [WHOLE], "x")
    with pytest.raises(Refused, match="another record holds it"):
        files.discard(CLERK, file)


def test_a_content_stays_while_a_row_names_it(place: Path) -> None:
    first = stored()
    stored(RESIDENT)
    files.discard(CLERK, first)
    forget(first.sha256)
    assert len(contents(place)) == 3


def test_the_sweep_takes_what_no_row_names_once_it_is_a_day_old(place: Path) -> None:
    file, orphan = stored(), stored(content=an_image(seed=9))
    orphan.delete()
    (place / "unfinished").mkdir(exist_ok=True)
    (place / "unfinished" / "half").write_bytes(b"half")
    assert sweep() == 0
    assert sweep(clock.now() + timedelta(days=2)) == 4
    assert contents(place) == sorted(
        [content_name(file.sha256), thumbnail_name(file.sha256, 320), thumbnail_name(file.sha256, 1280)]
    )


def test_verify_names_what_is_missing_or_changed_and_mends_thumbnails(place: Path) -> None:
    file = stored()
    (place / thumbnail_name(file.sha256, 320)).unlink()
    (place / content_name(file.sha256)).write_bytes(b"changed")
    assert [(fault.name, fault.missing) for fault in faults()] == [(thumbnail_name(file.sha256, 320), True)]
    assert [fault.missing for fault in faults(read=True)] == [False, True]
    assert not any(mend(fault) for fault in faults())  # the content is no image any more
    (place / content_name(file.sha256)).unlink()
    stored()
    (place / thumbnail_name(file.sha256, 320)).unlink()
    assert [mend(fault) for fault in faults()] == [True]
    assert list(faults(read=True)) == []


def test_a_file_that_no_record_holds_goes_after_a_week_and_one_that_is_held_stays() -> None:
    with clock.frozen(NOW):
        loose, held = stored(), stored(content=an_image(seed=9))
        copy = files.redact(CLERK, held, [WHOLE], "x")
    File.objects.filter(pk=copy.pk).update(uploaded_at=NOW + timedelta(days=3))
    run_retention(Actor.system("retention"), NOW + timedelta(days=8))
    assert set(File.objects.all()) == {held, copy}
    assert not File.objects.filter(pk=loose.pk).exists()


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("files", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_verifies_mends_and_sweeps(place: Path) -> None:
    file = stored()
    assert "1 files, no fault" in run("verify", "--read")
    (place / thumbnail_name(file.sha256, 320)).unlink()
    assert "made again" in run("verify", "--mend")
    (place / content_name(file.sha256)).unlink()
    with pytest.raises(CommandError, match="1 faults"):
        run("verify")
    assert "0 contents deleted" in run("sweep")


KILLED = """
import os, sys, signal, django
django.setup()
from pathlib import Path
from zhen.kernel.access.api import Actor
from zhen.kernel.files import actions, api
from zhen.kernel.files.testing import an_image, an_upload
where, n = sys.argv[1], int(sys.argv[2])
def killed(*_a, **_k):
    os.kill(os.getpid(), signal.SIGKILL)
if where == "before the row":
    actions.File.objects.create = killed
elif where == "before the rename":
    Path.replace = killed
elif where == "before the commit":
    actions.journal.record = killed
api.store(Actor.anonymous(), an_upload(an_image(seed=n)))
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["before the rename", "before the row", "before the commit", "never"])
def test_killed_at_any_moment_no_row_lacks_its_content_and_the_sweep_finds_the_rest(place: Path, where: str) -> None:
    settings = connection.settings_dict
    address = {
        "PGOPTIONS": "",
        "DATABASE_URL": f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST'] or 'localhost'}"
        f":{settings['PORT']}/{settings['NAME']}",
    }
    environment: dict[str, Any] = {
        **os.environ,
        **address,
        "ZHEN_HOME": str(place),
        "DJANGO_SETTINGS_MODULE": "zhen.project.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", KILLED, where, "3"], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == (0 if where == "never" else -signal.SIGKILL), done.stderr
    assert File.objects.count() == (1 if where == "never" else 0)
