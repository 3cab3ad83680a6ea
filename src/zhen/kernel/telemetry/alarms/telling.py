"""How an alarm is named in messages and events, and where it opens."""

from __future__ import annotations

from zhen.kernel.lib import clock
from zhen.kernel.telemetry.models import Alarm, Incident


def words_of(alarm: Alarm) -> dict[str, str]:
    """What a message or an event says of an alarm; `device` is read along with it."""
    opened = alarm.opened_at.astimezone(clock.TOWN_ZONE)
    return {
        "rule": str(alarm.rule_name),
        "device": alarm.device.name,
        "code": alarm.device.code,
        "severity": str(alarm.get_severity_display()),
        "at": f"{opened:%Y-%m-%d %H:%M:%S}",
        "url": url_of(alarm),
    }


def url_of(alarm: Alarm) -> str:
    return f"/desk/telemetry/alarms/{alarm.pk}/"


def url_of_incident(incident: Incident | int) -> str:
    return f"/desk/telemetry/incidents/{incident.pk if isinstance(incident, Incident) else incident}/"
