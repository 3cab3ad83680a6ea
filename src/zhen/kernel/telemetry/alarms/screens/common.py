"""Words, tones and columns that the pages of alarms share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Choice, Column, Filter, Kind, Tone
from zhen.kernel.places import api as places
from zhen.kernel.telemetry.alarms.values import TONES
from zhen.kernel.telemetry.declarations import PROFILES, Severity
from zhen.kernel.telemetry.models import Alarm, Incident

LIVE = frozenset(
    {
        "telemetry.alarm_opened",
        "telemetry.alarm_shown",
        "telemetry.alarm_grew",
        "telemetry.alarm_over",
        "telemetry.alarm_acknowledged",
        "telemetry.alarm_given",
        "telemetry.alarm_cleared",
        "telemetry.alarm_closed",
        "telemetry.case_opened",
    }
)


def severity_chip(row: Alarm | Incident) -> Chip:
    severity = Severity(row.severity)
    return Chip(text=severity.label, tone=TONES[severity])


def state_chip(alarm: Alarm) -> Chip:
    """Where an alarm stands, as one word."""
    if alarm.closed_at is not None:
        return Chip(text=pgettext_lazy("state of an alarm", "closed"), tone=Tone.NEUTRAL)
    if alarm.suppression_id is not None:
        return Chip(text=_("suppressed"), tone=Tone.NEUTRAL)
    if alarm.acknowledged_at is None:
        return Chip(text=_("nobody has acknowledged"), tone=Tone.OVERDUE)
    if alarm.cleared_at is None:
        return Chip(text=_("being looked after"), tone=Tone.BEHIND)
    return Chip(text=_("over, cause missing"), tone=Tone.DUE_SOON)


def place_name(place_id: int) -> str:
    """What a place is called today, with the building that it is in."""
    today = clock.today()
    version = places.place_at(place_id, today)
    return f"{version.name}" if version else str(place_id)


def value_of(alarm: Alarm) -> str:
    """The reading that did it, with its unit."""
    if alarm.value is None:
        return ""
    profile = PROFILES.get(alarm.profile)
    metric = next((one for one in profile.metrics if one.code == alarm.metric), None) if profile else None
    if metric is None:
        return f"{alarm.metric} {alarm.value:g}"
    if metric.is_flag:
        return f"{metric.name}: {gettext('yes') if alarm.value else gettext('no')}"
    return f"{metric.name} {alarm.value:g} {metric.unit}".strip()


def ago(at: datetime | None) -> str:
    """How long ago, for a person in a hurry."""
    if at is None:
        return ""
    minutes = int((clock.now() - at).total_seconds() // 60)
    if minutes < 1:
        return gettext("just now")
    if minutes < 60:
        return gettext("%(count)s min ago") % {"count": minutes}
    if minutes < 48 * 60:
        return gettext("%(count)s h ago") % {"count": minutes // 60}
    return gettext("%(count)s days ago") % {"count": minutes // 1440}


def at_least(rows: Any, value: str) -> Any:
    return rows.filter(severity__gte=int(value))


SEVERITY = Filter(
    id="severity",
    label=_("severity at least"),
    apply=at_least,
    choices=tuple(Choice(value=str(one.value), label=one.label) for one in Severity),
)
PROFILE = Filter(
    id="profile",
    label=_("device profile"),
    apply=lambda rows, value: rows.filter(profile=value),
    choices=lambda _actor: [Choice(value=one.code, label=one.name) for one in PROFILES],
)
ALARM_COLUMNS = (
    Column(id="rule", label=_("alarm"), value="rule_name"),
    Column(id="severity", label=_("severity"), value=severity_chip, kind=Kind.CHIP, sort="severity"),
    Column(id="state", label=_("where it stands"), value=state_chip, kind=Kind.CHIP),
    Column(id="device", label=_("device"), value="device.name"),
    Column(id="value", label=_("reading"), value=value_of),
    Column(id="opened", label=_("since"), value="opened_at", kind=Kind.TIME, sort="opened_at"),
    Column(id="person", label=_("with"), value="assigned_to", kind=Kind.PERSON),
)


def may(permission: str) -> Any:
    """For `shown` of a button whose subject must still be open."""

    def shown(actor: Actor, subject: Any) -> bool:
        return actor.may(permission) and subject.closed_at is None

    return shown
