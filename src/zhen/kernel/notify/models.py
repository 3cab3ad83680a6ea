"""Messages and where they went, texts that the town edits, reminder rules, and webhooks."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.lib.privacy import After, Basis, Privacy, With

ABOUT_WORK = _("Telling people what concerns their work")


class Message(models.Model):
    """Something told to one person. Its text is fixed when it is written; the inbox shows it."""

    recipient = models.ForeignKey(User, models.PROTECT, related_name="messages", verbose_name=_("to"))
    template = models.CharField(_("template"), max_length=100)
    language = models.CharField(_("language"), max_length=10)
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"))
    url = models.CharField(_("address"), max_length=500, blank=True)
    about_type = models.CharField(max_length=100, blank=True)
    about_id = models.CharField(max_length=64, blank=True)
    key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(_("written at"))
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    access_rule: ClassVar = Rule(owner="recipient_id")
    privacy: ClassVar[Privacy] = Privacy(
        purpose=ABOUT_WORK,
        basis=Basis.STATUTORY_DUTY,
        retention=After(
            field="created_at",
            event=_("the message was written"),
            years=2,
            source=_("the town's own rule; what counts stays in the journal"),
        ),
        accounts=("recipient_id",),
        internal=(
            "recipient",
            "template",
            "language",
            "url",
            "about_type",
            "about_id",
            "key",
            "created_at",
            "read_at",
        ),
        personal=("subject", "body"),
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes: ClassVar = [
            models.Index(fields=["recipient"], condition=models.Q(read_at__isnull=True), name="notify_message_unread")
        ]

    def __str__(self) -> str:
        return self.subject


class State(models.TextChoices):
    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("given up")


class Delivery(models.Model):
    """One message on one channel: how often it was tried, and what came of it."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", verbose_name=_("message"))
    channel = models.CharField(_("channel"), max_length=40)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    access_rule: ClassVar = Rule(owner="message__recipient_id")
    privacy: ClassVar[Privacy] = Privacy(
        purpose=ABOUT_WORK,
        basis=Basis.STATUTORY_DUTY,
        retention=With(fields=("message",)),
        accounts=("message__recipient_id",),
        internal=("message", "channel", "state", "tries", "last_error", "sent_at"),
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "channel"], name="notify_delivery_once")]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class TemplateText(models.Model):
    """The town's own version of a message template in one language; the newest one counts."""

    template = models.CharField(_("template"), max_length=100)
    language = models.CharField(_("language"), max_length=10)
    version = models.PositiveIntegerField(_("version"))
    subject = models.CharField(_("subject"), max_length=300)
    body = models.TextField(_("text"))
    written_at = models.DateTimeField(_("written at"))

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("template text")
        verbose_name_plural = _("template texts")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["template", "language", "version"], name="notify_text_version")
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.language} {self.version}"


class Preference(models.Model):
    """That somebody wants no messages on a channel."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+", verbose_name=_("person"))
    channel = models.CharField(_("channel"), max_length=40)

    access_rule: ClassVar = Rule(owner="user_id")
    privacy: ClassVar[Privacy] = Privacy(
        purpose=ABOUT_WORK,
        basis=Basis.STATUTORY_DUTY,
        retention=With(fields=("user",)),
        accounts=("user_id",),
        internal=("user", "channel"),
    )

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "channel"], name="notify_preference_once")]

    def __str__(self) -> str:
        return f"{self.user} −{self.channel}"


class ReminderRule(models.Model):
    """Part of the town's policy: whom to remind, how many days before or after a date, and how.

    `role` empty means the people who answer for the thing themselves; otherwise everybody who holds
    the role in a unit that answers for it. `channels` empty means all that the person allows.
    """

    source = models.CharField(_("of what"), max_length=100)
    offset = models.SmallIntegerField(_("days after the date (negative: before)"))
    role = models.CharField(_("to the role"), max_length=60, blank=True)
    channels = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("channels"))
    working_days = models.BooleanField(_("on working days only"), default=True)
    active = models.BooleanField(_("active"), default=True)

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "offset", "role"], name="notify_rule_once"),
            models.CheckConstraint(
                condition=models.Q(offset__gte=-366, offset__lte=366), name="notify_rule_offset_within_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.offset:+d}"


class Webhook(models.Model):
    """An outside system that is told what happens. `secret` is sealed; it signs what we send."""

    name = models.CharField(_("name"), max_length=100)
    url = models.URLField(_("address"), max_length=500)
    kinds = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("kinds of events"),
        help_text=_("Such as plan.target.confirmed, or plan.* for all of a module."),
    )
    secret = models.TextField(editable=False)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")

    def __str__(self) -> str:
        return self.name


class WebhookCall(models.Model):
    """One event for one webhook. `event` is null for a test."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="calls", verbose_name=_("webhook"))
    event = models.BigIntegerField(_("event"), null=True, blank=True)
    body = models.TextField()
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created at"))
    done_at = models.DateTimeField(_("sent at"), null=True, blank=True)

    access_rule: ClassVar = Rule()

    class Meta:
        verbose_name = _("webhook call")
        verbose_name_plural = _("webhook calls")
        constraints: ClassVar = [models.UniqueConstraint(fields=["webhook", "event"], name="notify_webhook_call_once")]
        indexes: ClassVar = [models.Index(fields=["webhook", "-id"], name="notify_call_webhook")]

    def __str__(self) -> str:
        return f"{self.webhook} {self.event}"
