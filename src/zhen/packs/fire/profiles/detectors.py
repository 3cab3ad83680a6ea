"""What notices a fire: smoke, heat, hands, gas; and the places where e-bikes stand and charge."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.api import Above, AlarmRule, AnyOf, Command, Equals, Metric, Rate, Severity, flag
from zhen.packs.fire.profiles.common import TEMPERATURE, profile

PASSES = timedelta(minutes=2)
"""Smoke comes and goes; the alarm is over when there was none for so long."""

SELF_TEST = Command(code="self_test", name=_("test itself"))

SMOKE = profile(
    "smoke",
    _("Smoke detector"),
    (flag("smoke", _("smoke")), TEMPERATURE),
    (
        AlarmRule(
            code="smoke",
            name=_("smoke"),
            severity=Severity.MAJOR,
            when=Equals("smoke", 1),
            grows=((timedelta(minutes=3), Severity.CRITICAL),),
            clears_after=PASSES,
        ),
        AlarmRule(
            code="hot",
            name=_("heat at a smoke detector"),
            severity=Severity.CRITICAL,
            when=Above("temperature", 60, clear=50),
        ),
    ),
    battery=True,
)

# GB 4716: a detector of class A1 responds between 54 and 65 °C.
HEAT = profile(
    "heat",
    _("Heat detector"),
    (TEMPERATURE,),
    (
        AlarmRule(
            code="heat",
            name=_("heat"),
            severity=Severity.CRITICAL,
            when=AnyOf(Above("temperature", 57, clear=50), Rate("temperature", timedelta(minutes=1), 10)),
        ),
    ),
    battery=True,
)

CALL_POINT = profile(
    "call_point",
    _("Manual call point"),
    (flag("pressed", _("pressed")),),
    (AlarmRule(code="pressed", name=_("call point pressed"), severity=Severity.CRITICAL, when=Equals("pressed", 1)),),
    battery=True,
)

# GB 15322.2-2019: detectors for homes alarm between 5 and 25 %LEL.
GAS = profile(
    "gas",
    _("Combustible gas detector"),
    (
        Metric(code="gas", name=_("gas concentration"), unit="%LEL", low=0, high=100, resolution=0.1),
        flag("valve_shut", _("gas valve shut")),
    ),
    (
        AlarmRule(code="gas", name=_("gas leaks"), severity=Severity.MAJOR, when=Above("gas", 20, clear=10)),
        AlarmRule(code="gas_high", name=_("much gas"), severity=Severity.CRITICAL, when=Above("gas", 40, clear=20)),
    ),
    interval=timedelta(minutes=10),
    commands=(Command(code="shut_valve", name=_("shut the gas valve")), SELF_TEST),
)

# An e-bike's battery that runs away warms for minutes before it burns: the rate tells earlier than the limit.
SHED = profile(
    "ebike_shed",
    _("E-bike shed"),
    (
        TEMPERATURE,
        flag("smoke", _("smoke")),
        Metric(code="charging_power", name=_("charging power"), unit="W", low=0, high=60_000, resolution=1),
        Metric(code="charging_current", name=_("charging current"), unit="A", low=0, high=300, resolution=0.1),
    ),
    (
        AlarmRule(
            code="smoke", name=_("smoke"), severity=Severity.CRITICAL, when=Equals("smoke", 1), clears_after=PASSES
        ),
        AlarmRule(
            code="heat",
            name=_("heat in the e-bike shed"),
            severity=Severity.CRITICAL,
            when=AnyOf(Above("temperature", 55, clear=45), Rate("temperature", timedelta(minutes=2), 8)),
        ),
        AlarmRule(
            code="overload",
            name=_("charging overload"),
            severity=Severity.MINOR,
            when=Above("charging_power", 12_000, clear=10_000),
            lasting=timedelta(minutes=5),
            grows=((timedelta(hours=1), Severity.MAJOR),),
        ),
    ),
    interval=timedelta(minutes=10),
    commands=(Command(code="cut_power", name=_("cut the charging power")), SELF_TEST),
)

PROFILES = (SMOKE, HEAT, CALL_POINT, GAS, SHED)
