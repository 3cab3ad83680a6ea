"""Reading the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from zhen.kernel.journal.actions import READ, subject_of
from zhen.kernel.journal.declarations import EVENT_KINDS
from zhen.kernel.journal.models import Event


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a history: when, who, what."""

    at: datetime
    actor: str
    text: str
    kind: str
    event: int


def timeline(subject: models.Model, *, limit: int = 100) -> list[Entry]:
    """What happened to a subject, newest first. Who read it is not part of it.

    Whoever could fetch the subject may see its history: pass the instance that a restricted query
    gave, never one fetched around it.
    """
    return [entry(event) for event in events_about(subject).exclude(kind=READ)[:limit]]


def events_about(subject: models.Model | tuple[str, object]) -> models.QuerySet[Event]:
    """Every event about a subject, newest first."""
    subject_type, subject_id = subject_of(subject)
    return Event.objects.filter(subject_type=subject_type, subject_id=subject_id).order_by("-id")


def reads_of(subject: models.Model | tuple[str, object]) -> models.QuerySet[Event]:
    """Who looked at a subject's sensitive data, newest first."""
    return events_about(subject).filter(kind=READ)


def entry(event: Event) -> Entry:
    return Entry(at=event.at, actor=actor_of(event), text=sentence(event), kind=event.kind, event=event.id)


def actor_of(event: Event) -> str:
    """Who did it; a process of our own in the reader's language, where its name is marked for translation."""
    if event.actor_kind == "system":
        return _(event.actor_name)
    return event.actor_name or _("the public")


def sentence(event: Event) -> str:
    """What happened, in the reader's language. Facts that the event does not hold are shown as …"""
    kind = EVENT_KINDS.get(event.kind)
    return str(kind.text).format_map(defaultdict(lambda: "…", event.data)) if kind else event.kind


def kinds() -> Sequence[str]:
    return sorted(kind.id for kind in EVENT_KINDS)
