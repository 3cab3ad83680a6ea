"""The inbox: what was sent to whoever reads, and by which ways he wants it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, ActorKind, Denied
from zhen.kernel.identity.api import User
from zhen.kernel.notify import actions
from zhen.kernel.notify.declarations import CHANNELS
from zhen.kernel.notify.forms import PreferencesForm
from zhen.kernel.notify.models import Message
from zhen.kernel.notify.queries import (
    channels_off,
    inbox,
    message,
)
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Params,
    Tone,
)

DIRECTORY = "identity.directory.read"


def messages(actor: Actor, _params: Params) -> QuerySet[Message]:
    return inbox(actor)


def unread(row: Message) -> Chip:
    return Chip(text=_("read")) if row.read_at else Chip(text=_("new"), tone=Tone.DUE_SOON)


def by_read(rows: QuerySet[Message], value: str) -> QuerySet[Message]:
    return rows.filter(read_at__isnull=value == "new")


def opened(actor: Actor, key: str) -> Message:
    """Opening a message reads it."""
    found = message(actor, key)
    actions.mark_read(actor, [found])
    return found


def links_of(_actor: Actor, subject: Message) -> list[Link]:
    return [Link(text=_("Open what it is about"), url=subject.url)] if subject.url else []


def mark(actor: Actor, rows: Iterable[Message], _data: Any) -> None:
    actions.mark_read(actor, list(rows))


def preferences(actor: Actor, _subject: None, data: Any, _files: Any) -> PreferencesForm:
    off = channels_off(actor)
    return PreferencesForm(data, initial={"wanted": [way.id for way in CHANNELS if way.id not in off]})


def save_preferences(actor: Actor, _subject: None, form: PreferencesForm) -> str:
    if actor.kind is not ActorKind.USER or actor.id is None:
        raise Denied("notify.preference", actor)
    off = {way.id for way in CHANNELS} - set(form.cleaned_data["wanted"])
    actions.set_preferences(actor, User.objects.get(pk=actor.id), off=off)
    return reverse("page:notify.inbox")


INBOX = (
    ListPage(
        id="notify.inbox",
        title=_("Inbox"),
        menu=_("Inbox"),
        icon="inbox",
        order=20,
        permission=DIRECTORY,
        rows=messages,
        columns=(
            Column(id="state", label=_("State"), value=unread, kind=Kind.CHIP),
            Column(id="subject", label=_("subject"), value="subject"),
            Column(id="at", label=_("written at"), value="created_at", kind=Kind.TIME, sort="created_at"),
        ),
        filters=(
            Filter(
                id="read",
                label=_("State"),
                apply=by_read,
                choices=(Choice(value="new", label=_("new")), Choice(value="read", label=_("read"))),
            ),
        ),
        search=lambda rows, words: rows.filter(subject__icontains=words),
        detail="notify.message",
        buttons=(Button(id="preferences", label=_("Other channels"), permission=DIRECTORY, form="notify.preferences"),),
        bulk=(Button(id="read", label=_("Mark as read"), permission=DIRECTORY, run=mark),),
        empty=_("Nothing has been told to you yet. Reminders and decisions that concern you come here."),
    ),
    DetailPage(
        id="notify.message",
        title=_("message"),
        permission=DIRECTORY,
        subject=opened,
        heading=str,
        panels=(
            Panel(id="text", title=_("text"), form="prose", source=lambda _actor, subject: subject.body, wide=True),
            Panel(id="links", title=_("What it is about"), form="links", source=links_of),
        ),
    ),
    FormPage(
        id="notify.preferences",
        title=_("Where my messages go"),
        permission=DIRECTORY,
        form=preferences,
        save=save_preferences,
        submit=_("Save"),
        draft=False,
    ),
)
