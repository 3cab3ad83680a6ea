"""The pages of notify: the inbox, texts, reminder rules, channels and webhooks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import ROLES, Actor, ActorKind, Denied
from zhen.kernel.identity.api import User, unseal
from zhen.kernel.notify import actions
from zhen.kernel.notify.declarations import CHANNELS, MESSAGE_TEMPLATES, REMINDER_SOURCES, MessageTemplate
from zhen.kernel.notify.forms import PreferencesForm, RuleForm, TextForm, WebhookForm
from zhen.kernel.notify.models import Message, ReminderRule, State, Webhook, WebhookCall
from zhen.kernel.notify.queries import (
    channels_off,
    inbox,
    message,
    rule,
    rules,
    template,
    versions,
    webhook,
    webhooks,
)
from zhen.kernel.notify.sending import text_of
from zhen.kernel.notify.texts import filled
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Params,
    Tone,
)

Text = str | Promise
DIRECTORY = "identity.directory.read"
TEXTS = "notify.template.manage"
RULES = "notify.reminder.manage"
HOOKS_READ = "notify.webhook.read"
HOOKS = "notify.webhook.manage"
TONES = {State.WAITING: Tone.DUE_SOON, State.SENT: Tone.ON_TRACK, State.FAILED: Tone.OVERDUE}

# the inbox


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

# texts


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

# reminder rules


def all_rules(actor: Actor, _params: Params) -> QuerySet[ReminderRule]:
    return rules(actor)


def source_name(row: ReminderRule) -> Text:
    found = REMINDER_SOURCES.get(row.source)
    return found.name if found else row.source


def to_whom(row: ReminderRule) -> Text:
    role = ROLES.get(row.role)
    return role.name if role else _("the people who answer for it")


def rule_form(_actor: Actor, subject: ReminderRule | None, data: Any, _files: Any) -> RuleForm:
    if subject is None:
        return RuleForm(data)
    names = ("source", "offset", "role", "channels", "working_days", "active")
    return RuleForm(data, initial={name: getattr(subject, name) for name in names})


def save_rule(actor: Actor, subject: ReminderRule | None, form: RuleForm) -> str:
    actions.save_rule(actor, subject, **form.cleaned_data)
    return reverse("page:notify.rules")


REMINDERS = (
    ListPage(
        id="notify.rules",
        title=_("Reminder rules"),
        menu=_("Reminder rules"),
        icon="bell",
        order=880,
        permission=RULES,
        rows=all_rules,
        columns=(
            Column(id="source", label=_("of what"), value=source_name),
            Column(
                id="offset",
                label=_("days after the date (negative: before)"),
                value="offset",
                kind=Kind.NUMBER,
                sort="offset",
            ),
            Column(id="to", label=_("to the role"), value=to_whom),
            Column(
                id="active",
                label=_("State"),
                value=lambda row: (
                    Chip(text=_("active"), tone=Tone.ON_TRACK) if row.active else Chip(text=_("switched off"))
                ),
                kind=Kind.CHIP,
            ),
        ),
        order_by=("source", "offset", "role"),
        detail="notify.rule",
        buttons=(Button(id="new", label=_("New rule"), permission=RULES, form="notify.rule_new"),),
        empty=_("Nobody is reminded of anything yet. A rule says how many days before or after a date, and whom."),
    ),
    DetailPage(
        id="notify.rule",
        title=_("reminder rule"),
        permission=RULES,
        subject=rule,
        heading=lambda subject: source_name(subject),
        panels=(
            Panel(
                id="facts",
                title=_("reminder rule"),
                form="facts",
                source=lambda _actor, row: [
                    Fact(label=_("days after the date (negative: before)"), value=row.offset, kind=Kind.NUMBER),
                    Fact(label=_("to the role"), value=to_whom(row)),
                    Fact(label=_("channels"), value="、".join(row.channels) or "—"),
                    Fact(label=_("on working days only"), value=_("yes") if row.working_days else _("no")),
                ],
            ),
        ),
        buttons=(Button(id="edit", label=_("Change"), permission=RULES, form="notify.rule_edit", key="e"),),
    ),
    FormPage(
        id="notify.rule_new",
        title=_("New rule"),
        permission=RULES,
        form=rule_form,
        save=save_rule,
        submit=_("Save"),
    ),
    FormPage(
        id="notify.rule_edit",
        title=_("Change a rule"),
        permission=RULES,
        subject=rule,
        form=rule_form,
        save=save_rule,
        submit=_("Save"),
    ),
)

# channels and webhooks


@dataclass(frozen=True, kw_only=True)
class ChannelRow:
    pk: str
    name: Text
    chip: Chip
    problem: str


def channels(actor: Actor, _params: Params) -> list[ChannelRow]:
    actor.require(HOOKS_READ)
    rows = []
    for way in CHANNELS:
        problems = way.check_config()
        chip = Chip(text=_("off"), tone=Tone.BEHIND) if problems else Chip(text=_("on"), tone=Tone.ON_TRACK)
        rows.append(
            ChannelRow(pk=way.id, name=way.name, chip=chip, problem="；".join(str(problem) for problem in problems))
        )
    return rows


def all_webhooks(actor: Actor, _params: Params) -> QuerySet[Webhook]:
    return webhooks(actor)


def hook_facts(_actor: Actor, subject: Webhook) -> list[Fact]:
    return [
        Fact(label=_("address"), value=subject.url),
        Fact(label=_("kinds of events"), value="、".join(subject.kinds)),
        Fact(label=_("active"), value=_("yes") if subject.active else _("no")),
    ]


def secret_facts(_actor: Actor, subject: Webhook) -> list[Fact]:
    return [Fact(label=_("Secret of the signature"), value=unseal(subject.secret))]


def calls(_actor: Actor, subject: Webhook) -> QuerySet[WebhookCall]:
    return subject.calls.order_by("-id")


def call_state(row: WebhookCall) -> Chip:
    state = State(row.state)
    return Chip(text=state.label, tone=TONES[state])


def hook_form(_actor: Actor, subject: Webhook | None, data: Any, _files: Any) -> WebhookForm:
    if subject is None:
        return WebhookForm(data)
    return WebhookForm(data, initial={name: getattr(subject, name) for name in ("name", "url", "kinds", "active")})


def save_new_hook(actor: Actor, _subject: None, form: WebhookForm) -> str:
    given = form.cleaned_data
    return hook_address(actions.add_webhook(actor, name=given["name"], url=given["url"], kinds=given["kinds"]))


def save_hook(actor: Actor, subject: Webhook, form: WebhookForm) -> str:
    return hook_address(actions.edit_webhook(actor, subject, **form.cleaned_data))


def hook_address(subject: Webhook) -> str:
    return reverse("page:notify.webhook", kwargs={"key": str(subject.pk)})


def send_test(actor: Actor, subject: Webhook, _data: Any) -> None:
    actions.test_webhook(actor, subject)


def renew(actor: Actor, subject: Webhook, _data: Any) -> None:
    actions.renew_secret(actor, subject)


CALL_COLUMNS: Sequence[Column] = (
    Column(id="at", label=_("created at"), value="created_at", kind=Kind.TIME),
    Column(id="event", label=_("event"), value=lambda row: row.event or _("test")),
    Column(id="state", label=_("State"), value=call_state, kind=Kind.CHIP),
    Column(id="tries", label=_("tries"), value="tries", kind=Kind.NUMBER),
    Column(id="status", label=_("answer"), value="status", kind=Kind.NUMBER),
    Column(id="error", label=_("last error"), value="last_error"),
)

OUTSIDE = (
    ListPage(
        id="notify.channels",
        title=_("Channels"),
        menu=_("Channels"),
        icon="radio-tower",
        order=890,
        permission=HOOKS_READ,
        intro=_("How messages leave beside the inbox. Addresses are settings of the machine."),
        rows=channels,
        columns=(
            Column(id="name", label=_("channel"), value="name"),
            Column(id="state", label=_("State"), value="chip", kind=Kind.CHIP),
            Column(id="problem", label=_("What is missing"), value="problem"),
        ),
        export=False,
    ),
    ListPage(
        id="notify.webhooks",
        title=_("Webhooks"),
        menu=_("Webhooks"),
        icon="webhook",
        order=895,
        permission=HOOKS_READ,
        rows=all_webhooks,
        columns=(
            Column(id="name", label=_("name"), value="name", sort="name"),
            Column(id="url", label=_("address"), value="url"),
            Column(id="kinds", label=_("kinds of events"), value=lambda row: "、".join(row.kinds)),
            Column(id="active", label=_("active"), value=lambda row: _("yes") if row.active else _("no")),
        ),
        detail="notify.webhook",
        buttons=(Button(id="new", label=_("New webhook"), permission=HOOKS, form="notify.webhook_new"),),
        empty=_("No outside system is told anything."),
    ),
    DetailPage(
        id="notify.webhook",
        title=_("webhook"),
        permission=HOOKS_READ,
        subject=webhook,
        heading=str,
        panels=(
            Panel(id="facts", title=_("webhook"), form="facts", source=hook_facts),
            Panel(id="secret", title=_("Signature"), form="facts", source=secret_facts, permission=HOOKS),
            Panel(
                id="calls",
                title=_("Calls"),
                form="table",
                source=calls,
                columns=tuple(CALL_COLUMNS),
                wide=True,
                empty=_("Nothing has been sent yet."),
            ),
        ),
        buttons=(
            Button(id="test", label=_("Send a test"), permission=HOOKS, run=send_test),
            Button(id="edit", label=_("Change"), permission=HOOKS, form="notify.webhook_edit", key="e"),
            Button(
                id="renew",
                label=_("Renew the secret"),
                permission=HOOKS,
                run=renew,
                confirm=_("Calls are signed with the new secret at once; the receiver must take it over."),
            ),
        ),
    ),
    FormPage(
        id="notify.webhook_new",
        title=_("New webhook"),
        intro=_("Calls go to https addresses on the internet only, signed, and are tried for about two days."),
        permission=HOOKS,
        form=hook_form,
        save=save_new_hook,
        submit=_("Create the webhook"),
    ),
    FormPage(
        id="notify.webhook_edit",
        title=_("Change a webhook"),
        permission=HOOKS,
        subject=webhook,
        form=hook_form,
        save=save_hook,
        submit=_("Save"),
    ),
)

PAGES = (*INBOX, *TEMPLATES, *REMINDERS, *OUTSIDE)
