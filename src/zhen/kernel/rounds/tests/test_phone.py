"""A visit as a phone sends it, and everything that goes wrong between the basement and the town: nothing is lost."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.files.api import File
from zhen.kernel.files.testing import a_webm, an_image, an_upload
from zhen.kernel.identity.api import end_post
from zhen.kernel.identity.models import Post
from zhen.kernel.rounds.actions.checklists import begin_draft, publish, put_item
from zhen.kernel.rounds.actions.visiting import call_off
from zhen.kernel.rounds.declarations import Item
from zhen.kernel.rounds.models import Visit
from zhen.kernel.rounds.queries.checklists import version_for
from zhen.kernel.rounds.queries.visits import waiting
from zhen.kernel.rounds.tests.conftest import NOW, TODAY, Cast
from zhen.kernel.rounds.tests.test_pages import signed_in

pytestmark = pytest.mark.django_db
JSON = {"accept": "application/json"}


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    storage = {"BACKEND": "zhen.kernel.files.storage.ContentStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "files": storage}


@pytest.fixture
def bob(cast: Cast) -> Client:
    cast.planned()
    return signed_in(cast, cast.bob, "grid_worker", "N1")


def first(cast: Cast) -> Visit:
    return waiting(cast.bob, TODAY)[0]


def address(visit: Visit) -> str:
    return reverse("field:visit", kwargs={"key": visit.pk})


def given(**more: Any) -> dict[str, Any]:
    facts = {"request_id": str(uuid4()), "version": "1", "outcome": "seen", "lon": "121.3805", "lat": "31.2415"}
    return {**facts, "stands": "yes", "legs.0.whole": "yes", "note": "门口看过", **more}


def a_huge_image() -> bytes:
    """Sixty megapixels of one colour: small to send, large to open."""
    written = io.BytesIO()
    Image.new("L", (10_000, 6_000), 200).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("全景.png", a_huge_image(), "10000 × 6000"),
        ("IMG_0001.HEIC", b"\0\0\0\x20ftypheic" + bytes(200), "HEIC"),
        ("现场照片.jpg", b"MZ\x90\0" + bytes(500), "无论文件名如何"),
    ],
    ids=["sixty megapixels", "HEIC", "renamed executable"],
)
def test_a_photo_that_is_not_taken_is_named_and_the_rest_of_the_visit_is_kept(
    cast: Cast, bob: Client, name: str, content: bytes, told: str
) -> None:
    visit = first(cast)
    sent = given(**{"photo--new": [an_upload(an_image(), "好的.jpg"), an_upload(content, name)]})
    answer = bob.post(address(visit), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [word for word in (name, told, "门口看过", "好的.jpg") if word not in page] == []
    kept = answer.context["form"]["photo-"].kept
    assert [one.name for one in kept] == ["好的.jpg"]
    again = bob.post(address(visit), {**given(), "photo-": [one.token for one in kept]})
    assert again.status_code == 302
    assert Visit.objects.get(state="done").photos.count() == 1


def test_a_voice_memo_belongs_to_the_visit(cast: Cast, bob: Client) -> None:
    visit = first(cast)
    assert bob.post(address(visit), given(**{"voice-new": an_upload(a_webm(), "备忘.webm")})).status_code == 302
    assert visit.photos.get().file.kind == "webm"
    alice = signed_in(cast, cast.alice, "unit_head")
    assert "备忘.webm" in alice.get(reverse("page:rounds.visit", kwargs={"key": str(visit.pk)})).content.decode()


def test_a_photo_sent_as_a_voice_memo_is_refused(cast: Cast, bob: Client) -> None:
    answer = bob.post(address(first(cast)), given(**{"voice-new": an_upload(an_image(), "备忘.webm")}), headers=JSON)
    assert answer.status_code == 422
    assert "备忘.webm" in answer.json()["told"]
    assert not File.objects.exists()


def test_a_photo_sent_ahead_for_the_voice_memo_is_named_with_its_kind_and_not_called_gone(
    cast: Cast, bob: Client
) -> None:
    file = files.store(cast.bob, an_upload(an_image(), "备忘.jpg"))
    sent = given(voice=[files.kept_token(cast.bob, file)])
    answer = bob.post(address(first(cast)), sent, headers=JSON)
    assert answer.status_code == 422
    told = answer.json()["told"]
    assert "文件“备忘.jpg”：其类型为“JPEG 图片”，此处不收。请上传以下类型之一：WebM 音频、MP4 音频。" in told
    assert not Visit.objects.filter(state="done").exists()


def test_an_open_visit_is_taken_by_the_checklist_that_it_was_asked_by(cast: Cast, bob: Client) -> None:
    visit = first(cast)
    draft = begin_draft(cast.alice, version_for("dummy_pack.bench@1"))
    put_item(cast.alice, draft, Item(id="painted", text="Is it painted?"))
    publish(cast.alice, draft)
    assert 'name="painted"' in bob.get(address(visit)).content.decode()
    assert bob.post(address(visit), given()).status_code == 302
    visit.refresh_from_db()
    assert (visit.version and visit.version.number, "painted" in visit.answers) == (1, False)


def test_a_visit_that_was_called_off_meanwhile_is_told_and_its_words_stay(cast: Cast, bob: Client) -> None:
    visit = first(cast)
    call_off(cast.alice, visit, "the bench was taken away")
    answer = bob.post(address(visit), given(), headers=JSON)
    assert (answer.status_code, answer.json()["state"]) == (409, "overtaken")
    assert "您记录的内容仍保留" in answer.json()["told"]
    page = bob.post(address(visit), given())
    assert "门口看过" in page.content.decode()
    assert not Visit.objects.filter(state="done").exists()


def test_a_visit_that_is_no_longer_there_is_missing_and_nothing_is_written(cast: Cast, bob: Client) -> None:
    answer = bob.post(reverse("field:visit", kwargs={"key": uuid4()}), given(), headers=JSON)
    assert (answer.status_code, answer.json()["state"]) == (404, "refused")
    assert (
        answer.json()["told"]
        == "未收下：其间已取消、已删除或已改派他人。您记录的内容仍保留在本机；放弃前请将所见告知办公室。"
    )
    assert bob.post(reverse("field:visit", kwargs={"key": uuid4()}), given()).status_code == 404
    assert not Visit.objects.filter(state="done").exists()


def test_whose_post_has_ended_hears_so_and_keeps_his_record(cast: Cast, bob: Client) -> None:
    where = address(first(cast))
    for post in Post.objects.filter(user=cast.bob.id):
        end_post(Actor.system("test"), post, on=TODAY, reason="he moved")
    answer = bob.post(where, given(), headers=JSON)
    assert (answer.status_code, answer.json()["state"]) == (403, "refused")
    assert "您的岗位已不允许" in answer.json()["told"]
    assert bob.post(where, given()).status_code == 403
    assert not Visit.objects.filter(state="done").exists()


@pytest.mark.parametrize("ahead", [timedelta(days=400), -timedelta(days=400), timedelta(hours=3)], ids=str)
def test_a_wrong_clock_is_put_right_by_what_it_says_when_it_sends(cast: Cast, bob: Client, ahead: timedelta) -> None:
    visit = first(cast)
    phone = NOW + ahead
    times = {
        "began_at": phone - timedelta(hours=2, minutes=10), "ended_at": phone - timedelta(hours=2), "sent_at": phone,
    }  # fmt: skip
    sent = given(**{name: at.isoformat() for name, at in times.items()})
    assert bob.post(address(visit), sent).status_code == 302
    visit.refresh_from_db()
    assert visit.done_at is not None
    assert abs(visit.done_at - (NOW - timedelta(hours=2))) < timedelta(minutes=1)
    assert abs(visit.clock_off - ahead.total_seconds()) < 60


def test_a_clock_that_was_set_in_between_is_told_and_a_second_try_is_taken(cast: Cast, bob: Client) -> None:
    visit = first(cast)
    wrong = (NOW + timedelta(days=400)).isoformat()
    sent = given(began_at=wrong, ended_at=wrong, sent_at=NOW.isoformat())
    answer = bob.post(address(visit), sent, headers=JSON)
    assert answer.status_code == 422
    assert "校准手机时间" in answer.json()["told"]
    right = NOW.isoformat()
    assert bob.post(address(visit), {**sent, "began_at": right, "ended_at": right}).status_code == 302


def test_two_phones_on_one_visit_are_a_record_and_a_conflict(cast: Cast, bob: Client) -> None:
    visit = first(cast)
    alice = signed_in(cast, cast.alice, "unit_head")
    assert bob.post(address(visit), given()).status_code == 302
    second = alice.post(address(visit), given(note="我也去了"), headers=JSON)
    assert "两份" in second.json()["told"]
    conflict = Visit.objects.get(kind="conflict")
    assert (conflict.note, conflict.follows_id, conflict.settled_at) == ("我也去了", visit.pk, None)
