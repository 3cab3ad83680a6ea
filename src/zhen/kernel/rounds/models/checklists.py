"""Versions of checklists: what was asked, word for word, as long as answers to it are kept."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Rule
from zhen.kernel.identity.api import User
from zhen.kernel.lib.privacy import After, Basis, Privacy
from zhen.kernel.rounds.declarations import Item


class ChecklistVersion(models.Model):
    """One version of a checklist. A draft has no `published_at`; from then on nothing of it changes (a trigger).

    The newest published version of a code is the one in use. `shipped`: it came with its pack, nobody here wrote it.
    """

    code = models.CharField(_("code"), max_length=60)
    number = models.PositiveSmallIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=100)
    law = models.CharField(_("source"), max_length=300, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes for a visit"), default=20)
    people = models.PositiveSmallIntegerField(_("people on a visit"), default=1)
    content = models.JSONField(_("items"), default=list)
    shipped = models.BooleanField(_("came with the pack"), default=False)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("by"))
    made_at = models.DateTimeField(_("made at"))
    published_at = models.DateTimeField(_("in use since"), null=True, blank=True)

    made_by_id: int | None
    access_rule: ClassVar = Rule()
    privacy: ClassVar = Privacy(
        purpose=_("Knowing who wrote what is asked on visits"),
        basis=Basis.STATUTORY_DUTY,
        law=_("the town's duty to answer for what was done"),
        retention=After(
            field="published_at", years=10, event=_("it came into use"),
            source=_("the town's schedule for records of inspections"), anonymise={"made_by": None},
        ),
        accounts=("made_by_id",),
        public=("code", "number", "name", "law", "minutes", "people", "content", "shipped", "made_at", "published_at"),
        personal=("made_by",),
    )  # fmt: skip

    class Meta:
        verbose_name = _("version of a checklist")
        verbose_name_plural = _("versions of checklists")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "number"], name="rounds_checklist_number"),
            models.UniqueConstraint(
                fields=["code"], condition=Q(published_at__isnull=True, shipped=False), name="rounds_checklist_draft"
            ),
            models.CheckConstraint(condition=Q(number__gte=1, minutes__gte=1), name="rounds_checklist_counts"),
            models.CheckConstraint(condition=Q(people__in=(1, 2)), name="rounds_checklist_people"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"

    @property
    def key(self) -> str:
        """What names it in addresses."""
        return f"{self.code}@{self.number}"

    @cached_property
    def items(self) -> tuple[Item, ...]:
        return msgspec.convert(self.content, tuple[Item, ...])


def as_content(items: tuple[Item, ...]) -> list[object]:
    """Items as they are stored: without what is as it always is."""
    return [_slim(item) for item in _as_json(items)]


def _as_json(value: object) -> Any:
    return msgspec.json.decode(msgspec.json.encode(value))


_PLAIN = _as_json(Item(id="", text=""))


def _slim(item: dict[str, object]) -> dict[str, object]:
    kept = {name: value for name, value in item.items() if name in ("id", "text") or value != _PLAIN[name]}
    if isinstance(part := kept.get("items"), list):
        kept["items"] = [_slim(one) for one in part]
    return kept
