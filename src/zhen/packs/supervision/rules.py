"""When a task is behind, and how a campaign, a project or an institution is usually divided. No clock, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.packs.supervision.models import Slip

DUE_SOON = timedelta(days=14)
SHORT = 0.1
"""Of a short task the last tenth is "due soon", so that a week's task is not blue from its first day."""

TEMPLATES: Mapping[str, tuple[Any, Sequence[tuple[Any, int]]]] = {
    "project": (
        _("construction project"),
        (
            (_("plan approved"), 15),
            (_("tender closed"), 35),
            (_("work begun"), 45),
            (_("half done"), 70),
            (_("work accepted"), 100),
        ),
    ),
    "campaign": (
        _("campaign"),
        ((_("list made"), 15), (_("half of the list done"), 55), (_("list done"), 85), (_("checked again"), 100)),
    ),
    "institution": (
        _("rules and institutions"),
        ((_("draft"), 35), (_("consulted"), 60), (_("adopted"), 85), (_("in force"), 100)),
    ),
}
"""Kind → its name, and milestones with the share of the time (in %) by which each is due."""


@dataclass(frozen=True)
class Point:
    """Something with a date: the task itself, or a milestone of it. `whole` is the task."""

    about: str
    due_on: date
    whole: bool = False


def milestones(kind: str, start: date, end: date) -> tuple[tuple[str | Promise, date], ...]:
    """The milestones of a template between two days; the last is due on `end`."""
    days = (end - start).days
    return tuple((name, start + timedelta(days=round(days * share / 100))) for name, share in TEMPLATES[kind][1])


def tone(point: Point, start: date, today: date) -> Slip.Tone | None:
    """Red: the task is overdue. Yellow: a milestone is. Blue: the task is due soon. A slip for each, once."""
    if today > point.due_on:
        return Slip.Tone.RED if point.whole else Slip.Tone.YELLOW
    ahead = min(DUE_SOON, timedelta(days=max(1, round((point.due_on - start).days * SHORT))))
    if point.whole and today >= point.due_on - ahead:
        return Slip.Tone.BLUE
    return None
