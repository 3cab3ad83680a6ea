"""What the pages of fire safety share."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import CASE_TYPES, Case
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Column, Kind, Link, Tone
from zhen.kernel.telemetry.api import Alarm, Severity
from zhen.packs.fire.models import FireFile

SOON_DAYS = 30
TONES = {
    Severity.NOTICE: Tone.NEUTRAL,
    Severity.MINOR: Tone.DUE_SOON,
    Severity.MAJOR: Tone.BEHIND,
    Severity.CRITICAL: Tone.OVERDUE,
}


def of(file: FireFile) -> str:
    return reverse("page:fire.file", kwargs={"key": file.key})


def due_chip(day: date | None) -> Chip | str:
    """A day by which something is due, and how near it is."""
    if day is None:
        return ""
    left = (day - clock.today()).days
    tone = Tone.OVERDUE if left < 0 else Tone.DUE_SOON if left <= SOON_DAYS else Tone.NEUTRAL
    return Chip(text=day.isoformat(), tone=tone)


def case_state(case: Case) -> Chip:
    known = CASE_TYPES[case.type].state(case.state)
    return Chip(text=known.name, tone=known.tone)


def case_link(case: Case) -> Link:
    return Link(text=case.number, url=f"/desk/cases/{case.number}/")


def severity(alarm: Alarm) -> Chip:
    known = Severity(alarm.severity)
    return Chip(text=known.label, tone=TONES[known])


def alarm_link(alarm: Any) -> Link:
    return Link(text=str(alarm.rule_name), url=reverse("page:telemetry.alarm", kwargs={"key": alarm.pk}))


ALARM_COLUMNS = (
    Column(id="rule", label=_("alarm"), value=alarm_link, kind=Kind.LINK),
    Column(id="severity", label=_("severity"), value=severity, kind=Kind.CHIP),
    Column(id="device", label=_("device"), value="device.name"),
    Column(id="since", label=_("since"), value="opened_at", kind=Kind.TIME),
    Column(id="cause", label=_("cause"), value="cause_name"),
)
HAZARD_COLUMNS = (
    Column(id="number", label=_("case number"), value=case_link, kind=Kind.LINK),
    Column(id="title", label=_("hazard"), value="title"),
    Column(id="state", label=_("state"), value=case_state, kind=Kind.CHIP),
    Column(id="due", label=_("due at"), value="due_at", kind=Kind.DATE),
)
