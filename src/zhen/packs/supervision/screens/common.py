"""What the pages of supervision share: chips, columns, the way to a task."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import Case
from zhen.kernel.pages.api import (
    Chip,
    Column,
    Kind,
    Tone,
)
from zhen.packs.supervision.case_type import TASK
from zhen.packs.supervision.models import Report, Slip

TONES = {Slip.Tone.BLUE: Tone.DUE_SOON, Slip.Tone.YELLOW: Tone.BEHIND, Slip.Tone.RED: Tone.OVERDUE}


DECISIONS = {
    Report.Decision.WAITING: Tone.DUE_SOON,
    Report.Decision.APPROVED: Tone.ON_TRACK,
    Report.Decision.REFUSED: Tone.BEHIND,
}


def of(case: Case) -> str:
    return reverse("page:supervision.task", kwargs={"key": case.number})


def state(case: Case) -> Chip:
    known = TASK.state(case.state)
    return Chip(text=known.name, tone=known.tone)


def slip_of(case: Any) -> Chip | str:
    tone = getattr(case, "slip", None)
    return Chip(text=Slip.Tone(tone).label, tone=TONES[Slip.Tone(tone)]) if tone else ""


def slip_chip(slip: Slip) -> Chip:
    return Chip(text=Slip.Tone(slip.tone).label, tone=TONES[Slip.Tone(slip.tone)])


def decision(report: Report) -> Chip:
    known = Report.Decision(report.decision)
    return Chip(text=known.label, tone=DECISIONS[known])


NUMBER = Column(id="number", label=_("case number"), value="number", sort="number")


TITLE = Column(id="title", label=_("task"), value="title")


UNIT = Column(id="unit", label=_("lead unit"), value="unit", sort="unit__name_key")


DUE = Column(id="due", label=_("due at"), value="due_at", kind=Kind.DATE, sort="due_at")


STATE = Column(id="state", label=_("state"), value=state, kind=Kind.CHIP)


SLIP = Column(id="slip", label=_("slip"), value=slip_of, kind=Kind.CHIP)


EVENTS = frozenset({"cases.moved", "supervision.reported", "supervision.approved", "supervision.slip"})
