"""Pictures of works for the public: a person covers what nobody is to see, and passes them one by one."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from zhen.kernel.access.api import Denied
from zhen.kernel.files.api import Box, shown_of
from zhen.kernel.lib.refusals import Refused
from zhen.packs.renewal.actions import works
from zhen.packs.renewal.actions.pictures import black_out
from zhen.packs.renewal.models import Picture
from zhen.packs.renewal.tests.conftest import Cast
from zhen.packs.renewal.tests.test_pages import shown, signed_in, url

pytestmark = pytest.mark.django_db
FACE = "25 25 50 50"


def pictures_on(client: Client, address: str) -> list[str]:
    """The addresses of the pictures that a page shows."""
    html = client.get(address).content.decode()
    return [part.split('"')[0] for part in html.split('src="')[1:] if part.startswith("/files/")]


def middle(client: Client, address: str) -> tuple[int, int, int]:
    answer = client.get(address)
    assert answer.status_code == 200
    with Image.open(BytesIO(answer.getvalue())) as image:
        pixel = image.convert("RGB").getpixel((image.width // 2, image.height // 2))
    assert isinstance(pixel, tuple)
    return pixel[0], pixel[1], pixel[2]


def test_the_public_sees_the_copy_in_which_somebody_has_covered_a_face(cast: Cast) -> None:
    project = cast.cleared(cast.project())
    shown(cast, project)
    before, after = Picture.objects.filter(project=project).select_related("file").order_by("taken_on")
    public, clerk = Client(), signed_in(cast, "bob", "unit_clerk")
    page = url("work", project.pk)
    seen = pictures_on(public, page)
    assert len(seen) == 2
    assert middle(public, seen[0]) != (0, 0, 0)
    form = url("picture_black_out", before.pk)
    assert clerk.get(form).status_code == 200
    assert clerk.post(form, {"boxes": "", "reason": "人脸"}).status_code == 422
    assert clerk.post(form, {"boxes": FACE, "reason": "人脸"}).status_code == 302
    covered = pictures_on(public, page)
    assert middle(public, covered[0]) == (0, 0, 0)
    assert covered[1] == seen[1]
    visit = reverse("page:rounds.visit", kwargs={"key": before.visit_id})
    head = signed_in(cast, "alice", "unit_head")
    for address in (url("project", project.pk), url("picture", before.pk), visit):
        assert head.get(address).status_code == 200, "the copy is shown there too"
    assert "部分遮盖" in head.get(url("picture", before.pk)).content.decode()
    assert after.released_at is not None


def test_what_is_covered_twice_stays_covered_twice(cast: Cast) -> None:
    project = cast.cleared(cast.project())
    works.keep_pictures(project, cast.visit(project))
    picture = Picture.objects.select_related("file").get()
    first = black_out(cast.bob, picture, [Box(left=0, top=0, width=0.2, height=0.2)], "人脸")
    again = black_out(
        cast.bob, Picture.objects.select_related("file").get(), [Box(left=0.8, top=0.8, width=0.2, height=0.2)], "车牌"
    )
    assert again.redacts_id == first.pk
    picture.refresh_from_db()
    assert shown_of([Picture.objects.select_related("file").get().file])[picture.file_id] == again
    assert works.keep_pictures(project, picture.visit) == 0, "the visit's photo is the same picture still"


def test_only_who_works_on_the_project_covers_and_only_who_may_opens_the_original(cast: Cast) -> None:
    project = cast.cleared(cast.project())
    works.keep_pictures(project, cast.visit(project))
    picture = Picture.objects.select_related("file").get()
    box = Box(left=0.2, top=0.2, width=0.2, height=0.2)
    with pytest.raises(Denied):
        black_out(cast.charlie, picture, [box], "人脸")
    with pytest.raises(Refused, match="a redaction needs a reason"):
        black_out(cast.bob, picture, [box], " ")
    black_out(cast.bob, picture, [box], "人脸")
    clerk, head = signed_in(cast, "bob", "unit_clerk"), signed_in(cast, "alice", "unit_head")
    original = url("picture_original", picture.pk)
    assert clerk.get(original).status_code == 403
    assert head.post(original, {"purpose": ""}).status_code == 422
    opened = head.post(original, {"purpose": "核对施工部位"})
    assert opened.status_code == 302
    assert opened["Location"].startswith("/files/")
