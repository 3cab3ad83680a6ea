"""Reading messages, texts, rules and webhooks."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.notify.declarations import MESSAGE_TEMPLATES, MessageTemplate
from zhen.kernel.notify.models import Message, Preference, ReminderRule, TemplateText, Webhook
from zhen.kernel.pages.api import Missing

M = TypeVar("M", bound=Model)


def inbox(actor: Actor) -> QuerySet[Message]:
    """One's own messages, newest first. Nobody reads another person's."""
    return Message.objects.filter(recipient_id=actor.user_id or 0).order_by("-id")


def unread_count(actor: Actor) -> int:
    return inbox(actor).filter(read_at__isnull=True).order_by().count()


def message(actor: Actor, key: str) -> Message:
    return _one(inbox(actor), key)


def channels_off(actor: Actor) -> set[str]:
    return set(Preference.objects.filter(user_id=actor.user_id or 0).values_list("channel", flat=True))


def template(actor: Actor, key: str) -> MessageTemplate:
    actor.require("notify.template.manage")
    found = MESSAGE_TEMPLATES.get(key)
    if found is None:
        raise Missing(f"message template {key}")
    return found


def versions(actor: Actor, template_id: str) -> QuerySet[TemplateText]:
    actor.require("notify.template.manage")
    return TemplateText.objects.filter(template=template_id).order_by("language", "-version")


def rules(actor: Actor) -> QuerySet[ReminderRule]:
    return restrict(actor, "notify.reminder.manage", ReminderRule.objects.all())


def rule(actor: Actor, key: str) -> ReminderRule:
    return _one(rules(actor), key)


def webhooks(actor: Actor) -> QuerySet[Webhook]:
    return restrict(actor, "notify.webhook.read", Webhook.objects.all())


def webhook(actor: Actor, key: str) -> Webhook:
    return _one(webhooks(actor), key)


def _one(rows: QuerySet[M], key: str) -> M:
    found = rows.filter(pk=key).first() if key.isdigit() else None
    if found is None:
        raise Missing(f"{rows.model._meta.model_name} {key}")
    return found
