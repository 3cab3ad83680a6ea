"""What a user information transmission device (GB/T 26875.3-2011) tells of itself, of systems and of their parts.

These profiles stand in for the plain ones of the gateway, so that a fire which it hears opens a case of this pack. The
bits and their order are those of the standard's tables 5 to 8.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.telemetry.api import AlarmRule, DeviceProfile, Equals, Metric, Severity, Silent
from zhen.packs.fire.profiles.common import ALARM, CAUSES, FAULT, SIGNAL, flag

SPEAKS_WHEN_SOMETHING_HAPPENS = timedelta(days=366)

BASIC = (flag("normal", _("normal")), flag("fire", _("fire")), FAULT)
STATE = (
    *BASIC,
    flag("shielded", _("shielded")),
    flag("supervisory", _("supervisory")),
    flag("started", pgettext_lazy("component", "started")),
    flag("feedback", _("feedback")),
    flag("delayed", _("delayed")),
)
OPERATIONS = (
    flag("reset", _("reset")),
    flag("muted", _("muted")),
    flag("manual_alarm", _("alarm by hand")),
    flag("alarm_cleared", _("alarm cleared")),
    flag("self_test", _("self-test")),
    flag("test", _("test")),
)
POWER = (flag("mains_fault", _("mains fault")), flag("backup_fault", _("backup power fault")))
VALUES = (
    Metric(code="height", name=pgettext_lazy("quantity", "height"), unit="m", resolution=0.01),
    Metric(code="temperature", name=_("temperature"), unit="°C", resolution=0.1),
    Metric(code="pressure_mpa", name=_("pressure (MPa)"), unit="MPa", resolution=0.1),
    Metric(code="pressure_kpa", name=_("pressure (kPa)"), unit="kPa", resolution=0.1),
    Metric(code="gas", name=_("gas concentration"), unit="%LEL", resolution=0.1),
    Metric(code="seconds", name=_("time"), unit="s", resolution=1),
    Metric(code="voltage", name=_("voltage"), unit="V", resolution=0.1),
    Metric(code="current", name=_("electric current"), unit="A", resolution=0.1),
    Metric(code="flow", name=_("flow"), unit="L/s", resolution=0.1),
    Metric(code="air_flow", name=_("air flow"), unit="m³/min", resolution=0.1),
    Metric(code="air_speed", name=_("air speed"), unit="m/s", resolution=1),
)

FIRE = AlarmRule(code="fire", name=_("fire"), severity=Severity.CRITICAL, when=Equals("fire", 1))
FAULTY = AlarmRule(code="fault", name=_("fault"), severity=Severity.MINOR, when=Equals("fault", 1))
MAINS = AlarmRule(
    code="mains_fault",
    name=_("no mains"),
    severity=Severity.MINOR,
    when=Equals("mains_fault", 1),
    lasting=timedelta(minutes=5),
    grows=((timedelta(hours=4), Severity.MAJOR),),
)
SILENT = AlarmRule(code="silent", name=_("not heard"), severity=Severity.MINOR, when=Silent())

PART = DeviceProfile(
    code="fire.part",
    name=_("Part of a fire alarm system"),
    metrics=(*STATE, flag("power_fault", _("power fault")), *VALUES),
    rules=(FIRE, FAULTY),
    interval=SPEAKS_WHEN_SOMETHING_HAPPENS,
    case_type=ALARM,
    causes=CAUSES,
    stands_in_for="gb26875.component",
)
SYSTEM = DeviceProfile(
    code="fire.system",
    name=_("Fire alarm system"),
    metrics=(
        *STATE,
        *POWER,
        flag("bus_fault", _("bus fault")),
        flag("manual", _("by hand")),
        flag("configuration_changed", _("configuration changed")),
        *OPERATIONS,
        flag("confirmed", _("confirmed")),
    ),
    rules=(FIRE, FAULTY, MAINS),
    interval=SPEAKS_WHEN_SOMETHING_HAPPENS,
    case_type=ALARM,
    causes=CAUSES,
    stands_in_for="gb26875.system",
)
TRANSMITTER = DeviceProfile(
    code="fire.transmitter",
    name=_("User information transmission device"),
    metrics=(
        *BASIC,
        *POWER,
        flag("channel_fault", _("channel to the centre faulty")),
        flag("line_fault", _("monitored line faulty")),
        *OPERATIONS,
        flag("duty_reply", _("duty check answered")),
        flag("alive", _("sign of life")),
    ),
    rules=(FIRE, FAULTY, MAINS, SILENT),
    interval=timedelta(minutes=10),
    case_type=ALARM,
    causes=CAUSES,
    stands_in_for="gb26875.device",
)

HUB = DeviceProfile(
    code="fire.hub",
    name=_("Wireless gateway of fire detectors"),
    metrics=(FAULT, POWER[0], SIGNAL),
    rules=(FAULTY, MAINS, SILENT),
    interval=timedelta(minutes=10),
    case_type=ALARM,
    causes=CAUSES,
)

PROFILES = (PART, SYSTEM, TRANSMITTER, HUB)
