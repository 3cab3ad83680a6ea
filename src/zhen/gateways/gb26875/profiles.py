"""What the registry calls a device of this protocol, where no pack has a better profile for it.

`PartProfile` rows give the parts of a component type another profile, such as one that opens a pack's cases.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.telemetry.api import AlarmRule, DeviceProfile, Equals, Metric, Severity, Silent


def _flag(code: str, name: object) -> Metric:
    return Metric(code=code, name=name, low=0, high=1, resolution=1)  # type: ignore[arg-type]


STATE = (
    _flag("normal", _("normal")),
    _flag("fire", _("fire")),
    _flag("fault", _("fault")),
    _flag("shielded", _("shielded")),
    _flag("supervisory", _("supervisory")),
    _flag("started", pgettext_lazy("component", "started")),
    _flag("feedback", _("feedback")),
    _flag("delayed", _("delayed")),
)
OPERATIONS = (
    _flag("reset", _("reset")),
    _flag("muted", _("muted")),
    _flag("manual_alarm", _("alarm by hand")),
    _flag("alarm_cleared", _("alarm cleared")),
    _flag("self_test", _("self-test")),
    _flag("test", _("test")),
)
POWER = (_flag("mains_fault", _("mains fault")), _flag("backup_fault", _("backup power fault")))
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
FAULT = AlarmRule(code="fault", name=_("fault"), severity=Severity.MINOR, when=Equals("fault", 1))
MAINS = AlarmRule(
    code="mains_fault",
    name=_("no mains"),
    severity=Severity.MINOR,
    when=Equals("mains_fault", 1),
    lasting=timedelta(minutes=5),
    grows=((timedelta(hours=4), Severity.MAJOR),),
)
CAUSES = ("fire", "cooking", "dust", "works", "misuse", "fault", "power", "test", "malicious", "unknown")

COMPONENT = DeviceProfile(
    code="gb26875.component",
    name=_("part of a fire alarm system"),
    metrics=(*STATE, _flag("power_fault", _("power fault")), *VALUES),
    rules=(FIRE, FAULT),
    interval=timedelta(days=366),  # a detector speaks when something happens
    causes=CAUSES,
)
SYSTEM = DeviceProfile(
    code="gb26875.system",
    name=_("fire alarm system"),
    metrics=(
        *STATE,
        *POWER,
        _flag("bus_fault", _("bus fault")),
        _flag("manual", _("by hand")),
        _flag("configuration_changed", _("configuration changed")),
        *OPERATIONS,
        _flag("confirmed", _("confirmed")),
    ),
    rules=(FIRE, FAULT, MAINS),
    interval=timedelta(days=366),
    causes=CAUSES,
)
DEVICE = DeviceProfile(
    code="gb26875.device",
    name=_("user information transmission device"),
    metrics=(
        *(metric for metric in STATE if metric.code in {"normal", "fire", "fault"}),
        *POWER,
        _flag("channel_fault", _("channel to the centre faulty")),
        _flag("line_fault", _("monitored line faulty")),
        *OPERATIONS,
        _flag("duty_reply", _("duty check answered")),
        _flag("alive", _("sign of life")),
    ),
    rules=(
        FIRE,
        FAULT,
        MAINS,
        AlarmRule(code="silent", name=_("not heard"), severity=Severity.MINOR, when=Silent(None)),
    ),
    interval=timedelta(minutes=10),
    causes=CAUSES,
)
PROFILES = (COMPONENT, SYSTEM, DEVICE)
