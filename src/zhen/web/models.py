"""What the faces keep for a person: saved filters, drafts, and what his phone has sent. They are his alone."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.lib.fields import EncryptedField
from zhen.kernel.lib.ids import new_id
from zhen.kernel.lib.privacy import After, Basis, Privacy, With

BASIS = Basis.STATUTORY_DUTY
LAW = _("PIPL, article 13 (3): needed for the statutory work of the office that the account belongs to")


class SavedFilter(models.Model):
    """A view of a list that somebody wants to see again: its filters, search and order."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=100)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)

    access_rule: ClassVar = Rule(owner="user_id")
    privacy: ClassVar = Privacy(
        purpose=_("Showing somebody the views of lists that he keeps"),
        basis=BASIS,
        law=LAW,
        retention=With(fields=("user",)),
        accounts=("user_id",),
        internal=("user", "page"),
        personal=("name", "query"),
    )

    class Meta:
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "page", "name"], name="web_savedfilter_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """What somebody has typed into a form and not sent yet. `key` names the thing that the form is about."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    page = models.CharField(max_length=100)
    key = models.CharField(max_length=100, blank=True)
    data: models.JSONField[Any] = models.JSONField(default=dict)
    at = models.DateTimeField()

    access_rule: ClassVar = Rule(owner="user_id")
    privacy: ClassVar = Privacy(
        purpose=_("Keeping what somebody has typed until he sends it"),
        basis=BASIS,
        law=LAW,
        retention=After(
            field="at",
            event=_("the last change"),
            source=_("a draft that nobody touches for a month is not wanted"),
            days=30,
            along=("user",),
        ),
        accounts=("user_id",),
        internal=("user", "page", "key", "at"),
        personal=("data",),
    )

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "page", "key"], name="web_draft_place")]

    def __str__(self) -> str:
        return f"{self.page} {self.key}"


class Sent(models.Model):
    """What a phone has sent under a request id of its own, and the answer: sent again, it is not done again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.UUIDField()
    at = models.DateTimeField()
    answer: models.JSONField[Any] = models.JSONField(default=dict)

    access_rule: ClassVar = Rule(owner="user_id")
    privacy: ClassVar = Privacy(
        purpose=_("Doing once what a phone sends several times for want of an answer"),
        basis=BASIS,
        law=LAW,
        retention=After(
            field="at",
            event=_("the sending"),
            source=_("a phone that has had no answer for three months does not send again"),
            days=90,
            along=("user",),
        ),
        accounts=("user_id",),
        internal=("user", "key", "at", "answer"),
    )

    class Meta:
        verbose_name = _("thing sent by a phone")
        verbose_name_plural = _("things sent by phones")
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "key"], name="web_sent_once")]

    def __str__(self) -> str:
        return str(self.key)


class PhoneKey(models.Model):
    """The key under which somebody's phone keeps what waits for a signal; it is his on every phone.

    The phone holds it while he is signed in and gets it again when he signs in again. `name` is another one once the
    office has ended his sessions: what a phone has kept under the one before is then unreadable for ever.
    """

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    name = models.UUIDField(default=new_id)
    secret = EncryptedField()
    at = models.DateTimeField()

    access_rule: ClassVar = Rule(owner="user_id")
    privacy: ClassVar = Privacy(
        purpose=_("Keeping what somebody does without a signal unreadable on a phone that is lost"),
        basis=BASIS,
        law=LAW,
        retention=With(fields=("user",)),
        accounts=("user_id",),
        internal=("name", "at"),
        personal=("secret",),
    )

    class Meta:
        verbose_name = _("key of a phone")
        verbose_name_plural = _("keys of phones")

    def __str__(self) -> str:
        return str(self.name)
