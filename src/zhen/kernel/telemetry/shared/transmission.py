"""What a user information transmission device (GB/T 26875.3-2011) tells of itself, of systems and of their parts.

The bits and their order are those of the standard's tables 5 to 8. The plain profiles are for the gateway; a pack has
one of its own `stand in for` each, such as one that opens the pack's cases.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.telemetry.declarations import AlarmRule, DeviceProfile, Equals, Metric, Severity
from zhen.kernel.telemetry.shared.parts import FAULT, NOT_HEARD, flag

SPEAKS_WHEN_SOMETHING_HAPPENS = timedelta(days=366)

STATE = (
    flag("normal", _("normal")),
    flag("fire", _("fire")),
    FAULT,
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
MAINS_FAULT = flag("mains_fault", _("mains fault"))
POWER = (MAINS_FAULT, flag("backup_fault", _("backup power fault")))
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
FIRE_CAUSES = ("fire", "cooking", "dust", "works", "misuse", "fault", "power", "test", "malicious", "unknown")

PLAIN_PART = DeviceProfile(
    code="gb26875.component",
    name=_("part of a fire alarm system"),
    metrics=(*STATE, flag("power_fault", _("power fault")), *VALUES),
    rules=(FIRE, FAULTY),
    interval=SPEAKS_WHEN_SOMETHING_HAPPENS,
    causes=FIRE_CAUSES,
)
PLAIN_SYSTEM = DeviceProfile(
    code="gb26875.system",
    name=_("fire alarm system"),
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
    causes=FIRE_CAUSES,
)
PLAIN_TRANSMITTER = DeviceProfile(
    code="gb26875.device",
    name=_("user information transmission device"),
    metrics=(
        *(metric for metric in STATE if metric.code in {"normal", "fire", "fault"}),
        *POWER,
        flag("channel_fault", _("channel to the centre faulty")),
        flag("line_fault", _("monitored line faulty")),
        *OPERATIONS,
        flag("duty_reply", _("duty check answered")),
        flag("alive", _("sign of life")),
    ),
    rules=(FIRE, FAULTY, MAINS, NOT_HEARD),
    interval=timedelta(minutes=10),
    causes=FIRE_CAUSES,
)
