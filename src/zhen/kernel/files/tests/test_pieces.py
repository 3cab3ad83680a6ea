"""Files in pieces: each is kept once, whatever is cut off and sent again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from zhen.kernel.files.api import IMAGES, Arrived, File, Piece, arrived, take_piece
from zhen.kernel.files.kinds import ALL, Kind
from zhen.kernel.files.models import Incoming
from zhen.kernel.files.pieces import MOST_OPEN
from zhen.kernel.files.testing import an_image
from zhen.kernel.files.tests.conftest import CLERK, STRANGER, contents
from zhen.kernel.files.tidying import sweep
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Missing

pytestmark = pytest.mark.django_db
PHOTO = an_image(size=(400, 300))
SIZE = 1000


def send(
    key: UUID, offset: int, whole: bytes = PHOTO, *, name: str = "门口.jpg", kinds: frozenset[Kind] = ALL
) -> Arrived:
    piece = Piece(key=key, name=name, offset=offset, total=len(whole), content=whole[offset : offset + SIZE])
    return take_piece(CLERK, piece, kinds=kinds)


def test_the_last_piece_makes_the_file_and_sent_again_the_same_one(place: Path) -> None:
    key = uuid4()
    for offset in range(0, len(PHOTO), SIZE):
        now = send(key, offset)
        assert send(key, offset) == now  # its answer was lost
        assert now.received == min(offset + SIZE, len(PHOTO))
    file = File.objects.get()
    assert (now.file, file.kind, file.name) == (file, "jpeg", "门口.jpg")
    assert send(key, 0).file == file
    assert arrived(CLERK, key).file == file
    assert not [name for name in contents(place) if name.startswith("unfinished")]


def test_a_piece_that_leaves_a_gap_is_told_where_to_go_on() -> None:
    key = uuid4()
    send(key, 0)
    with pytest.raises(Outdated) as told:
        send(key, 3 * SIZE)
    assert told.value.reason == f"{SIZE} bytes of this file are here"
    assert arrived(CLERK, key) == Arrived(received=SIZE)


def test_a_file_that_is_not_taken_is_named_and_nothing_of_it_stays(place: Path) -> None:
    for whole, name, remedy in (
        (b"MZ" + bytes(1500), "现场.jpg", "Send one of these"),
        (b"\0\0\0\x20ftypheic" + bytes(1500), "IMG_1.heic", "Save it as JPEG first"),
    ):
        key = uuid4()
        send(key, 0, whole, name=name)
        with pytest.raises(Refused) as told:
            send(key, SIZE, whole, name=name, kinds=IMAGES)
        assert told.value.value == name
        assert str(told.value.remedy).startswith(remedy)
        with pytest.raises(Missing):
            arrived(CLERK, key)
    assert contents(place) == []


def test_what_is_too_large_is_refused_with_its_first_piece() -> None:
    piece = Piece(key=uuid4(), name="a.mp4", offset=0, total=21 << 20, content=b"x")
    with pytest.raises(Refused, match="20 MB"):
        take_piece(CLERK, piece)
    assert not Incoming.objects.exists()


def test_nobody_goes_on_with_anothers_file() -> None:
    key = uuid4()
    send(key, 0)
    with pytest.raises(Missing):
        arrived(STRANGER, key)
    with pytest.raises(Missing):
        take_piece(STRANGER, Piece(key=key, name="", offset=SIZE, total=len(PHOTO), content=b"x"))


def test_no_more_than_a_hundred_are_on_their_way() -> None:
    at = clock.now()
    Incoming.objects.bulk_create(Incoming(id=uuid4(), uploaded_by=3, total=9, at=at) for _n in range(MOST_OPEN))
    with pytest.raises(Refused, match="on their way already"):
        send(uuid4(), 0)


def test_what_was_abandoned_goes_after_a_week(place: Path) -> None:
    key = uuid4()
    send(key, 0)
    sweep(clock.now() + timedelta(days=6))
    assert Incoming.objects.filter(pk=key).exists()
    assert contents(place)
    sweep(clock.now() + timedelta(days=8))
    assert not Incoming.objects.exists()
    assert contents(place) == []
