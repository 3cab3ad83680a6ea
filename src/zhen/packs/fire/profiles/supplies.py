"""What must be right before a fire: water, electricity, doors that keep smoke out."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.api import Above, AlarmRule, Below, Equals, Metric, Severity, flag
from zhen.packs.fire.profiles.common import profile

# GB 50084-2017, 5.0.1: at least 0.05 MPa at the sprinkler farthest away. What a pump or hydrant needs (GB 50974-2014,
# 7.4.12) depends on the building: the town sets the limit of such a device as a parameter of its own.
WATER_PRESSURE = profile(
    "water_pressure",
    _("Water pressure of sprinklers and hydrants"),
    (Metric(code="pressure_mpa", name=_("pressure (MPa)"), unit="MPa", low=0, high=2.5, resolution=0.01),),
    (
        AlarmRule(
            code="pressure_low",
            name=_("water pressure too low"),
            severity=Severity.MINOR,
            when=Below("pressure_mpa", 0.15, clear=0.2),
            lasting=timedelta(minutes=5),
            grows=((timedelta(hours=1), Severity.MAJOR),),
        ),
        AlarmRule(
            code="pressure_high",
            name=_("water pressure too high"),
            severity=Severity.MINOR,
            when=Above("pressure_mpa", 1.6, clear=1.4),
            lasting=timedelta(minutes=5),
        ),
        AlarmRule(
            code="pressure_gone",
            name=_("no water pressure"),
            severity=Severity.MAJOR,
            when=Below("pressure_mpa", 0.05, clear=0.15),
            lasting=timedelta(minutes=1),
        ),
    ),
)

WATER_LEVEL = profile(
    "water_level",
    _("Water level of a fire tank"),
    (Metric(code="level", name=_("water level"), unit="m", low=0, high=12, resolution=0.01),),
    (
        AlarmRule(
            code="level_low",
            name=_("water level too low"),
            severity=Severity.MINOR,
            when=Below("level", 1.5, clear=1.7),
            lasting=timedelta(minutes=10),
            grows=((timedelta(hours=4), Severity.MAJOR),),
        ),
        AlarmRule(
            code="level_high",
            name=_("fire tank overflows"),
            severity=Severity.NOTICE,
            when=Above("level", 4, clear=3.8),
            lasting=timedelta(minutes=10),
        ),
    ),
)

# GB 50116-2013, 9.2.3: residual current alarms from 300 to 500 mA. GB 14287.3-2014: temperature from 45 to 140 °C.
ELECTRICITY = profile(
    "electrical",
    _("Electrical fire monitor"),
    (
        Metric(code="residual_current", name=_("residual current"), unit="mA", low=0, high=3000, resolution=1),
        Metric(code="cable_temperature", name=_("cable temperature"), unit="°C", low=-40, high=200, resolution=0.1),
        Metric(code="current", name=_("electric current"), unit="A", low=0, high=2000, resolution=0.1),
        Metric(code="voltage", name=_("voltage"), unit="V", low=0, high=500, resolution=0.1),
    ),
    (
        AlarmRule(
            code="residual_current",
            name=_("residual current too high"),
            severity=Severity.MINOR,
            when=Above("residual_current", 300, clear=250),
            lasting=timedelta(minutes=2),
            grows=((timedelta(hours=2), Severity.MAJOR),),
        ),
        AlarmRule(
            code="cable_hot",
            name=_("cable too hot"),
            severity=Severity.MAJOR,
            when=Above("cable_temperature", 70, clear=60),
            lasting=timedelta(minutes=1),
        ),
        AlarmRule(
            code="cable_very_hot",
            name=_("cable about to burn"),
            severity=Severity.CRITICAL,
            when=Above("cable_temperature", 100, clear=80),
        ),
    ),
    interval=timedelta(minutes=10),
)

FIRE_DOOR = profile(
    "fire_door",
    _("Fire door"),
    (flag("open", _("stands open")),),
    (
        AlarmRule(
            code="held_open",
            name=_("fire door stands open"),
            severity=Severity.MINOR,
            when=Equals("open", 1),
            lasting=timedelta(minutes=10),
        ),
    ),
    battery=True,
)

PROFILES = (WATER_PRESSURE, WATER_LEVEL, ELECTRICITY, FIRE_DOOR)
