"""Contents of files over HTTP, files that are sent ahead, and the fields that hold them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import LazySettings
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import Client
from django.utils.datastructures import MultiValueDict

from zhen.kernel.access.api import Actor, ActorKind
from zhen.kernel.cases.api import NewCase, attach, attachments_of, case_for, receive
from zhen.kernel.files import api as files
from zhen.kernel.files.api import File
from zhen.kernel.files.fields import Kept, UploadBoundField, UploadField
from zhen.kernel.files.storage import content_name
from zhen.kernel.files.testing import a_pdf, a_webm, an_image, an_upload
from zhen.kernel.identity.api import actor_for
from zhen.kernel.identity.models import User
from zhen.kernel.identity.testing import a_post, a_unit, a_user
from zhen.kernel.lib import clock
from zhen.web import files as views

pytestmark = pytest.mark.django_db
REPAIR = "dummy_pack.repair"


@pytest.fixture(autouse=True)
def place(settings: LazySettings, tmp_path: Path) -> Path:
    storage = {"BACKEND": "zhen.kernel.files.storage.ContentStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "files": storage}
    return tmp_path


@pytest.fixture
def alice() -> User:
    user = a_user("alice", "爱丽丝")
    unit = a_unit("office", "党政办公室")
    a_post(user, "dummy_pack.carpenter", unit)
    a_post(user, "unit_head", unit)
    return user


@pytest.fixture
def client(alice: User) -> Client:
    return signed_in(alice)


def signed_in(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(user)
    return client


def read(answer: Any) -> bytes:
    """All of a streamed answer; reading it to its end closes it."""
    return b"".join(answer.streaming_content)


def the_actor(user: User) -> Actor:
    return actor_for(user, day=clock.today())


def test_an_image_is_shown_and_may_do_nothing(client: Client, alice: User, place: Path) -> None:
    file = files.store(the_actor(alice), an_upload(an_image(), "路灯.jpg"))
    answer = client.get(files.url(the_actor(alice), file))
    body = read(answer)
    assert body == (place / content_name(file.sha256)).read_bytes()
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert answer["Content-Length"] == str(len(body))
    assert answer["Content-Security-Policy"] == views.POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=600"
    small = client.get(files.url(the_actor(alice), file, side=files.SMALL))
    assert small["Content-Type"] == "image/webp"
    assert read(small)[8:12] == b"WEBP"
    saved = client.get(f"{files.url(the_actor(alice), file)}?save")
    assert saved["Content-Disposition"].startswith("attachment")
    read(saved)


def test_everything_else_is_saved_and_never_opened_in_place(client: Client, alice: User) -> None:
    file = files.store(the_actor(alice), an_upload(a_pdf(), "合同.pdf"))
    answer = client.get(files.url(the_actor(alice), file))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/pdf"
    read(answer)


def test_a_link_is_missing_to_everybody_else(alice: User) -> None:
    url = files.url(the_actor(alice), files.store(the_actor(alice), an_upload(an_image())))
    for other in (Client(), signed_in(a_user("bob"))):
        assert other.get(url).status_code == 404
    assert Client().get("/files/nonsense/").status_code == 404


def test_the_asynchronous_server_streams_the_same() -> None:
    import asyncio
    import io

    async def read() -> bytes:
        return b"".join([piece async for piece in views._Asynchronous(io.BytesIO(bytes(200_000)))])

    assert asyncio.run(read()) == bytes(200_000)


# sent ahead


def send(client: Client, actor: Actor, content: bytes = b"", **more: Any) -> Any:
    ticket = files.ticket(actor, files.IMAGES, 1 << 20)
    data = {"ticket": ticket, "file": an_upload(content or an_image()), **more}
    return client.post("/files/", data)


def test_a_file_is_sent_ahead_and_its_token_is_good_for_its_sender(client: Client, alice: User) -> None:
    answer = send(client, the_actor(alice))
    told = json.loads(answer.content)
    assert (answer.status_code, told["name"]) == (200, "photo.jpg")
    assert files.kept(the_actor(alice), told["token"]) == File.objects.get()
    preview = client.get(told["preview"])
    assert preview.status_code == 200
    read(preview)


def test_a_resident_sends_photos_without_an_account() -> None:
    assert send(Client(), Actor.anonymous()).status_code == 200
    assert File.objects.get().uploaded_by is None


def test_what_is_wrong_with_it_is_told(client: Client, alice: User) -> None:
    answer = send(client, the_actor(alice), a_pdf())
    assert answer.status_code == 422
    assert "not taken here" in json.loads(answer.content)["error"]
    assert "larger than 1 MB" in json.loads(send(client, the_actor(alice), bytes(2 << 20)).content)["error"]
    assert "too old" in json.loads(send(client, the_actor(alice), ticket="x").content)["error"]
    assert "too old" in json.loads(send(client, Actor.anonymous()).content)["error"]
    assert client.post("/files/", {"ticket": files.ticket(the_actor(alice), files.IMAGES, 9)}).status_code == 400
    assert not File.objects.exists()


def test_nobody_sends_without_end(client: Client, alice: User) -> None:
    sent = [send(client, the_actor(alice)).status_code for _ in range(views.UPLOADS + 1)]
    assert sent == [*[200] * views.UPLOADS, 429]


def test_sending_needs_a_form_of_ours(alice: User) -> None:
    client = Client(enforce_csrf_checks=True)
    assert send(client, Actor.anonymous()).status_code == 403


# the field

CLERK = Actor(kind=ActorKind.USER, id=3, name="Cleo")


class PhotoForm(forms.Form):
    title = forms.CharField()
    photos = UploadField(CLERK, most=2, label="photos")


def a_form(*uploads: Any, **data: Any) -> PhotoForm:
    query = QueryDict(mutable=True)
    for name, values in data.items():
        query.setlist(name, values if isinstance(values, list) else [values])
    return PhotoForm(query, MultiValueDict({"photos-new": list(uploads)}))


def kept_by(form: PhotoForm) -> list[Kept]:
    bound = form["photos"]
    assert isinstance(bound, UploadBoundField)
    return bound.kept


def test_without_scripts_the_form_brings_the_files_itself() -> None:
    form = a_form(an_upload(an_image()), title="x")
    assert form.is_multipart()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["photos"] == [File.objects.get()]


def test_after_a_mistake_elsewhere_no_file_has_to_be_sent_again() -> None:
    form = a_form(an_upload(an_image()), an_upload(b"no image", "note.txt"), title="")
    assert not form.is_valid()
    assert "of no kind that is taken" in form.errors["photos"][0]
    drawn = render_to_string("cotton/upload.html", {"field": form["photos"]})
    (kept,) = kept_by(form)
    assert kept.token in drawn
    assert kept.preview in drawn
    again = a_form(title="x", photos=[kept.token])
    assert again.is_valid(), again.errors
    assert File.objects.count() == 1


def test_a_file_that_was_sent_can_be_left_out_and_there_is_an_end() -> None:
    first, second = (files.store(CLERK, an_upload(an_image(seed=n))) for n in range(2))
    tokens = [files.kept_token(CLERK, one) for one in (first, second)]
    left = a_form(title="x", photos=tokens, **{"photos-drop": tokens[0]})
    assert left.is_valid()
    assert left.cleaned_data["photos"] == [second]
    many = a_form(an_upload(an_image()), title="x", photos=tokens)
    assert "At most 2 files" in many.errors["photos"][0]
    assert "Add a file." in a_form(title="x").errors["photos"]
    gone = a_form(title="x", photos=["forged", "also forged"])
    assert gone.errors["photos"] == ["A file that was sent before is gone. Choose it again."]
    third = files.kept_token(CLERK, files.store(CLERK, an_upload(an_image(seed=2))))
    beyond = a_form(title="x", photos=[*tokens, third])
    assert beyond.errors["photos"] == ["At most 2 files. Leave some out."], "it is not left out in silence"


def test_a_file_of_a_wrong_kind_that_was_sent_ahead_is_not_called_gone() -> None:
    right = files.store(CLERK, an_upload(an_image()))
    memo = files.store(CLERK, an_upload(a_webm(2), "memo.webm"))
    form = a_form(title="x", photos=[files.kept_token(CLERK, one) for one in (right, memo)])
    assert form.errors["photos"] == [
        "file “memo.webm”: it is of the kind “WebM sound”, which is not taken here. "
        "Send one of these: JPEG image、PNG image、WebP image."
    ]
    assert [kept.name for kept in kept_by(form)] == [right.name], "the right one stays"


def test_a_draft_brings_the_files_back() -> None:
    token = files.kept_token(CLERK, files.store(CLERK, an_upload(an_image())))
    form = PhotoForm(initial={"photos": [token]})
    assert [one.name for one in kept_by(form)] == ["photo.jpg"]


# the pages of a case


@pytest.fixture
def case(alice: User) -> Any:
    system = Actor.system("test")
    post = alice.posts.first()
    assert post is not None
    return receive(system, REPAIR, NewCase(title="The bench wobbles", unit_id=post.unit_id))


def test_a_clerk_attaches_blacks_out_and_opens_the_original(client: Client, alice: User, case: Any) -> None:
    page = client.get(f"/desk/cases/attach/{case.pk}/")
    assert page.status_code == 200
    assert 'capture="environment"' in page.content.decode()
    sent = {"sent-new": an_upload(an_image()), "kind": "evidence", "caption": "the leg"}
    assert client.post(f"/desk/cases/attach/{case.pk}/", sent).status_code == 302
    (attachment,) = attachments_of(case_for(the_actor(alice), case.pk))
    original = attachment.file

    editor = client.get(f"/desk/cases/redact/{attachment.pk}/").content.decode()
    assert "data-redaction" in editor
    wrong = client.post(f"/desk/cases/redact/{attachment.pk}/", {"boxes": "10 10 200 5", "reason": "x"})
    assert "Each box must lie inside the image." in wrong.content.decode()
    told = client.post(
        f"/desk/cases/redact/{attachment.pk}/", {"boxes": "10 10 20 5\n50 50 10 10", "reason": "a child"}
    )
    assert told.status_code == 302
    attachment.refresh_from_db()
    assert attachment.file.redacts_id == original.pk

    asked = client.post(f"/desk/cases/original/{attachment.pk}/", {"purpose": "an objection"})
    shown = client.get(asked["Location"])
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/jpeg"
    read(shown)

    gone = client.post(f"/desk/cases/remove_attachment/{attachment.pk}/", {"reason": "the wrong photo"})
    assert gone.status_code == 302
    assert not File.objects.exists()


def test_who_does_not_reach_the_case_reaches_none_of_it(alice: User, case: Any) -> None:
    (attachment,) = attach(Actor.system("test"), case.pk, [files.store(Actor.system("test"), an_upload(an_image()))])
    bob = a_user("bob")
    a_post(bob, "dummy_pack.carpenter", a_unit("park", "绿化所"))
    client = signed_in(bob)
    assert client.get(f"/desk/cases/attach/{case.pk}/").status_code == 404
    for page in ("redact", "original", "remove_attachment"):
        assert client.get(f"/desk/cases/{page}/{attachment.pk}/").status_code == 404
    assert Client().get(f"/desk/cases/attach/{case.pk}/").status_code == 302
