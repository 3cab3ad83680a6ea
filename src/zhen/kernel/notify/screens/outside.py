"""What leaves the town: channels, webhooks, and the calls of webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.identity.api import unseal
from zhen.kernel.notify import actions
from zhen.kernel.notify.declarations import CHANNELS
from zhen.kernel.notify.forms import WebhookForm
from zhen.kernel.notify.models import State, Webhook, WebhookCall
from zhen.kernel.notify.queries import (
    webhook,
    webhooks,
)
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Column,
    DetailPage,
    Fact,
    FormPage,
    Kind,
    ListPage,
    Panel,
    Params,
    Tone,
)

Text = str | Promise
HOOKS_READ = "notify.webhook.read"
HOOKS = "notify.webhook.manage"
TONES = {State.WAITING: Tone.DUE_SOON, State.SENT: Tone.ON_TRACK, State.FAILED: Tone.OVERDUE}


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
