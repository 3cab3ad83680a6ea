"""The texts of messages: each version from a day on, in both languages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.notify import actions
from zhen.kernel.notify.declarations import MESSAGE_TEMPLATES, MessageTemplate
from zhen.kernel.notify.forms import TextForm
from zhen.kernel.notify.queries import (
    template,
    versions,
)
from zhen.kernel.notify.sending import text_of
from zhen.kernel.notify.texts import filled
from zhen.kernel.pages.api import (
    Button,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    ListPage,
    Panel,
    Params,
)

TEXTS = "notify.template.manage"


def templates(actor: Actor, _params: Params) -> list[MessageTemplate]:
    actor.require(TEXTS)
    return list(MESSAGE_TEMPLATES)


def text_facts(_actor: Actor, subject: MessageTemplate) -> list[Fact]:
    return [
        Fact(label=_("Fields"), value="、".join(f"{{{name}}}" for name in subject.fields) or "—"),
    ]


def preview(language: str) -> Any:
    """What a message looks like, its fields filled with their own names."""

    def show(_actor: Actor, subject: MessageTemplate) -> str:
        values = {name: f"〔{name}〕" for name in subject.fields}
        return "\n\n".join(filled(text, values) for text in text_of(subject.id, language))

    return show


def text_form(_actor: Actor, subject: MessageTemplate, data: Any, _files: Any) -> TextForm:
    now_subject, now_body = text_of(subject.id, "zh-hans")
    return TextForm(data, initial={"language": "zh-hans", "subject": now_subject, "body": now_body})


def save_text(actor: Actor, subject: MessageTemplate, form: TextForm) -> str:
    actions.write_text(actor, subject.id, **form.cleaned_data)
    return reverse("page:notify.template", kwargs={"key": subject.id})


TEMPLATES = (
    ListPage(
        id="notify.templates",
        title=_("Texts of messages"),
        menu=_("Texts of messages"),
        icon="file-text",
        order=870,
        permission=TEXTS,
        rows=templates,
        columns=(
            Column(id="name", label=_("name"), value="name"),
            Column(id="id", label=_("identifier"), value="id"),
        ),
        detail="notify.template",
        empty=_("No module sends messages."),
    ),
    DetailPage(
        id="notify.template",
        title=_("template"),
        permission=TEXTS,
        subject=template,
        heading=lambda subject: subject.name,
        panels=(
            Panel(id="facts", title=_("template"), form="facts", source=text_facts),
            Panel(id="chinese", title=_("In Chinese"), form="prose", source=preview("zh-hans")),
            Panel(id="english", title=_("In English"), form="prose", source=preview("en")),
            Panel(
                id="versions",
                title=_("Versions of the town"),
                form="table",
                source=lambda actor, subject: versions(actor, subject.id),
                columns=(
                    Column(id="language", label=_("language"), value="language"),
                    Column(id="version", label=_("version"), value="version", kind=Kind.NUMBER),
                    Column(id="subject", label=_("subject"), value="subject"),
                    Column(id="at", label=_("written at"), value="written_at", kind=Kind.TIME),
                ),
                wide=True,
                empty=_("The text is as it was shipped."),
            ),
        ),
        buttons=(
            Button(id="write", label=_("Write a new version"), permission=TEXTS, form="notify.template_edit", key="e"),
        ),
    ),
    FormPage(
        id="notify.template_edit",
        title=_("Write a new version"),
        intro=_("Fields stand in braces and are filled when the message is written."),
        permission=TEXTS,
        subject=template,
        form=text_form,
        save=save_text,
        submit=_("Use from now on"),
    ),
)
