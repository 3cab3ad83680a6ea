"""Pictures of works: those of a project, one of them, and the forms that black out parts and open originals."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.pages.api import Attached, Button, Chip, DetailPage, FormPage, Link, Panel, Tone
from zhen.packs.renewal import forms, queries, rights
from zhen.packs.renewal.actions.pictures import black_out
from zhen.packs.renewal.actions.projects import release
from zhen.packs.renewal.models import Picture, Project
from zhen.packs.renewal.screens.common import before_after, of, visit_link

MOST = 60


def of_project(actor: Actor, project: Project) -> list[Attached]:
    rows = list(queries.pictures_of(project)[:MOST])
    shown = files.shown_of(one.file for one in rows)
    return [
        Attached(
            name=one.taken_on.isoformat(),
            url=url_of(one),
            preview=files.url(actor, shown[one.file_id], side=files.SMALL),
            chips=chips(one),
        )
        for one in rows
    ]


def url_of(picture: Picture) -> str:
    return reverse("page:renewal.picture", kwargs={"key": picture.pk})


def chips(picture: Picture) -> tuple[Chip, ...]:
    found = []
    if picture.released_at:
        found.append(Chip(text=_("public"), tone=Tone.ON_TRACK))
    if picture.file.redacted:
        found.append(Chip(text=_("parts blacked out"), tone=Tone.DUE_SOON))
    return tuple(found)


def the_picture(actor: Actor, picture: Picture) -> list[Attached]:
    shown = files.shown_of([picture.file])[picture.file_id]
    return [
        Attached(
            name=picture.taken_on.isoformat(),
            url=files.url(actor, shown),
            preview=files.url(actor, shown, side=files.LARGE),
        )
    ]


def where(_actor: Actor, picture: Picture) -> list[Link]:
    seen = visit_link(picture.visit)
    links = [Link(text=picture.project.name, url=of(picture.project), icon="hammer")]
    if isinstance(seen, Link):
        links.append(Link(text=_("Visit of %(day)s") % {"day": seen.text}, url=seen.url, icon="footprints"))
    return links


def show(public: bool) -> Any:
    def run(actor: Actor, picture: Picture, _data: Any) -> None:
        release(actor, picture, public=public)

    return run


def to_black_out(actor: Actor, key: str) -> Picture:
    picture = queries.picture_for(actor, key)
    actor.require(files.REDACT)
    return picture


def with_original(actor: Actor, key: str) -> Picture:
    picture = queries.picture_for(actor, key)
    actor.require(files.VIEW_ORIGINAL)
    return picture


def save_black_out(actor: Actor, picture: Picture, form: forms.BlackOutForm) -> str:
    black_out(actor, picture, form.cleaned_data["boxes"], form.cleaned_data["reason"])
    return url_of(picture)


def open_original(actor: Actor, picture: Picture, form: forms.PurposeForm) -> str:
    shown = files.shown_of([picture.file])[picture.file_id]
    original = files.open_original(actor.for_purpose(form.cleaned_data["purpose"]), shown)
    return files.original_url(actor, original)


PICTURES = Panel(
    id="pictures",
    title=_("Pictures"),
    form="files",
    source=of_project,
    wide=True,
    empty=_("The photos of visits that show progress come here."),
)
BEFORE_AFTER = Panel(
    id="before_after",
    title=_("Before and after"),
    form="before_after",
    source=lambda actor, project: before_after(actor, queries.pairs_of(project)),
    wide=True,
    empty=_("No two pictures of the same spot are set side by side yet."),
)
PAGES = (
    DetailPage(
        id="renewal.picture",
        title=_("picture"),
        permission=rights.VIEW,
        subject=queries.picture_for,
        heading=lambda picture: f"{picture.project.name} {picture.taken_on}",
        chips=chips,
        panels=(
            Panel(id="picture", title=_("picture"), form="files", source=the_picture, wide=True),
            Panel(id="of", title=_("Where it belongs"), form="links", source=where),
        ),
        buttons=(
            Button(
                id="black_out",
                label=_("Black out"),
                permission=files.REDACT,
                form="renewal.picture_black_out",
                shown=lambda actor, _picture: actor.may(rights.WORK),
            ),
            Button(
                id="release",
                label=_("Release for the public"),
                permission=rights.PUBLISH,
                run=show(True),
                confirm=_("You have looked at it: faces and plates are covered, and nobody can be recognised."),
                shown=lambda _actor, picture: picture.released_at is None,
            ),
            Button(
                id="withdraw",
                label=_("Withdraw from the public"),
                permission=rights.PUBLISH,
                run=show(False),
                shown=lambda _actor, picture: picture.released_at is not None,
            ),
            Button(
                id="original",
                label=_("Original"),
                permission=files.VIEW_ORIGINAL,
                form="renewal.picture_original",
                shown=lambda _actor, picture: picture.file.redacted,
            ),
        ),
    ),
    FormPage(
        id="renewal.picture_black_out",
        title=_("Black out parts of an image"),
        intro=_("The copy that is made holds no trace of what lies under the boxes. The original stays, closed."),
        permission=rights.WORK,
        subject=to_black_out,
        form=lambda actor, picture, data, _files: forms.BlackOutForm(actor, picture, data),
        save=save_black_out,
        submit=_("Black out"),
        draft=False,
    ),
    FormPage(
        id="renewal.picture_original",
        title=_("Open the original"),
        permission=files.VIEW_ORIGINAL,
        subject=with_original,
        form=lambda _actor, _picture, data, _files: forms.PurposeForm(data),
        save=open_original,
        submit=_("Open"),
        draft=False,
    ),
)
