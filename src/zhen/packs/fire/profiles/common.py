"""Metrics and rules that several kinds of devices share.

Limits are where the town begins; it changes them as parameters. `CAUSES` are the outcomes of the case as well.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.api import AlarmRule, Below, DeviceProfile, Equals, Metric, Severity, Silent

ALARM = "fire.alarm"
CAUSES = ("fire", "cooking", "dust", "works", "misuse", "fault", "power", "test", "malicious", "unknown")

ON_BATTERY = timedelta(hours=24)
"""A detector on a battery speaks once a day when nothing happens: more would cost years of its life."""
ON_MAINS = timedelta(minutes=15)


def flag(code: str, name: object) -> Metric:
    return Metric(code=code, name=name, low=0, high=1, resolution=1)  # type: ignore[arg-type]


TEMPERATURE = Metric(code="temperature", name=_("temperature"), unit="°C", low=-40, high=150, resolution=0.1)
BATTERY = Metric(code="battery", name=_("battery"), unit="%", low=0, high=100, resolution=1)
SIGNAL = Metric(code="signal", name=_("signal"), unit="dBm", low=-150, high=0, resolution=1)
FAULT = flag("fault", _("fault"))
TAMPERED = flag("tampered", _("taken off its base"))

HEALTH = (
    AlarmRule(code="fault", name=_("device fault"), severity=Severity.MINOR, when=Equals("fault", 1)),
    AlarmRule(code="silent", name=_("not heard"), severity=Severity.MINOR, when=Silent()),
)
ON_A_BATTERY = (
    AlarmRule(
        code="battery_low",
        name=_("battery nearly empty"),
        severity=Severity.MINOR,
        when=Below("battery", 15, clear=25),
    ),
    AlarmRule(
        code="tampered",
        name=_("detector taken off"),
        severity=Severity.MINOR,
        when=Equals("tampered", 1),
        lasting=timedelta(minutes=10),
    ),
)


def profile(
    code: str,
    name: object,
    metrics: tuple[Metric, ...],
    rules: tuple[AlarmRule, ...],
    *,
    interval: timedelta = ON_MAINS,
    battery: bool = False,
) -> DeviceProfile:
    """A kind of device that can say that it is faulty, and that is missed when it says nothing."""
    more = (BATTERY, SIGNAL, TAMPERED) if battery else ()
    return DeviceProfile(
        code=f"fire.{code}",
        name=name,  # type: ignore[arg-type]
        metrics=(*metrics, FAULT, *more),
        rules=(*rules, *HEALTH, *(ON_A_BATTERY if battery else ())),
        interval=ON_BATTERY if battery else interval,
        case_type=ALARM,
        causes=CAUSES,
    )
