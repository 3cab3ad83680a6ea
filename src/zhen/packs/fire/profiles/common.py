"""Metrics and rules that several kinds of devices share.

Limits are where the town begins; it changes them as parameters. `CAUSES` are the outcomes of the case as well.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.api import (
    BATTERY,
    BATTERY_LOW,
    FAULT,
    FIRE_CAUSES,
    HEALTH,
    ON_BATTERY,
    ON_MAINS,
    AlarmRule,
    Command,
    DeviceProfile,
    Equals,
    Metric,
    Severity,
    flag,
)

ALARM = "fire.alarm"
CAUSES = FIRE_CAUSES

TEMPERATURE = Metric(code="temperature", name=_("temperature"), unit="°C", low=-40, high=150, resolution=0.1)
SIGNAL = Metric(code="signal", name=_("signal"), unit="dBm", low=-150, high=0, resolution=1)
TAMPERED = flag("tampered", _("taken off its base"))

ON_A_BATTERY = (
    BATTERY_LOW,
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
    commands: tuple[Command, ...] = (),
) -> DeviceProfile:
    """A kind of device that can say that it is faulty, and that is missed when it says nothing."""
    more = (BATTERY, SIGNAL, TAMPERED) if battery else ()
    return DeviceProfile(
        code=f"fire.{code}",
        name=name,  # type: ignore[arg-type]
        metrics=(*metrics, FAULT, *more),
        rules=(*rules, *HEALTH, *(ON_A_BATTERY if battery else ())),
        interval=ON_BATTERY if battery else interval,
        commands=commands,
        case_type=ALARM,
        causes=CAUSES,
    )
