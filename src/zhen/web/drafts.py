"""Drafts: what somebody has typed and not sent. They are nobody's business yet, so the journal does not hold them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.web.models import Draft

MOST_CHARACTERS = 200_000
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "action", "draft"})


@dataclass(frozen=True, kw_only=True)
class Recalled:
    data: dict[str, list[str]]
    at: datetime

    def initial(self, form: forms.BaseForm) -> dict[str, Any]:
        """The typed values, for those fields that the form still has."""
        values: dict[str, Any] = {}
        for name, field in form.fields.items():
            typed = self.data.get(form.add_prefix(name))
            if typed is None or isinstance(field, forms.FileField):
                continue
            many = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
            many = many or getattr(field, "keeps_many", False)
            values[name] = typed if many else typed[-1]
        return values


def recall(actor: Actor, page: str, key: str) -> Recalled | None:
    if actor.id is None:
        return None
    draft = Draft.objects.filter(user_id=actor.id, page=page, key=key).first()
    return Recalled(data=draft.data, at=draft.at) if draft else None


def keep(actor: Actor, page: str, key: str, typed: QueryDict) -> bool:
    """Keep what was typed; False where it is too long to keep."""
    data = {name: typed.getlist(name) for name in typed if name not in NOT_KEPT}
    if actor.id is None or sum(len(value) for values in data.values() for value in values) > MOST_CHARACTERS:
        return False
    Draft.objects.update_or_create(user_id=actor.id, page=page, key=key, defaults={"data": data, "at": clock.now()})
    return True


def forget(actor: Actor, page: str, key: str) -> None:
    if actor.id is not None:
        Draft.objects.filter(user_id=actor.id, page=page, key=key).delete()
