"""Metrics and rules of nearly every device: it is faulty, it is not heard, its battery is nearly empty."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.declarations import AlarmRule, Below, Equals, Metric, Severity, Silent, Text

ON_BATTERY = timedelta(hours=24)
"""A device on a battery speaks once a day when nothing happens: more would cost years of its life."""
ON_MAINS = timedelta(minutes=15)


def flag(code: str, name: Text) -> Metric:
    """Yes (1) or no (0)."""
    return Metric(code=code, name=name, low=0, high=1, resolution=1)


FAULT = flag("fault", _("fault"))
BATTERY = Metric(code="battery", name=_("battery"), unit="%", low=0, high=100, resolution=1)

NOT_HEARD = AlarmRule(code="silent", name=_("not heard"), severity=Severity.MINOR, when=Silent())
HEALTH = (
    AlarmRule(code="fault", name=_("device fault"), severity=Severity.MINOR, when=Equals("fault", 1)),
    NOT_HEARD,
)
BATTERY_LOW = AlarmRule(
    code="battery_low",
    name=_("battery nearly empty"),
    severity=Severity.MINOR,
    when=Below("battery", 15, clear=25),
)
