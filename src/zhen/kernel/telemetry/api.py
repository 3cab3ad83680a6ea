"""What other modules may import of telemetry."""

from zhen.kernel.telemetry.alarms.casing import check_settled
from zhen.kernel.telemetry.alarms.queries import FalseAlarms, counted_alarms, false_alarms, false_ones
from zhen.kernel.telemetry.declarations import (
    CAUSES,
    PROFILES,
    Above,
    AlarmRule,
    AllOf,
    AnyOf,
    Below,
    Command,
    Condition,
    DeviceProfile,
    Equals,
    Metric,
    Rate,
    Schedule,
    Severity,
    Silent,
    Window,
)
from zhen.kernel.telemetry.devices.actions import register as register_device
from zhen.kernel.telemetry.devices.admitting import Admission, admit, admitted
from zhen.kernel.telemetry.devices.credentials import Issued, claim, issue, make_claim, may_try, revoke
from zhen.kernel.telemetry.devices.queries import credentials, device, devices
from zhen.kernel.telemetry.devices.values import NewDevice
from zhen.kernel.telemetry.ingest.streams import Servers, lay_out
from zhen.kernel.telemetry.models import Alarm, Device, Incident
from zhen.kernel.telemetry.preparing import prepare
from zhen.kernel.telemetry.standing.coverage import Coverage, covered

__all__ = [
    "CAUSES",
    "PROFILES",
    "Above",
    "Admission",
    "Alarm",
    "AlarmRule",
    "AllOf",
    "AnyOf",
    "Below",
    "Command",
    "Condition",
    "Coverage",
    "Device",
    "DeviceProfile",
    "Equals",
    "FalseAlarms",
    "Incident",
    "Issued",
    "Metric",
    "NewDevice",
    "Rate",
    "Schedule",
    "Servers",
    "Severity",
    "Silent",
    "Window",
    "admit",
    "admitted",
    "check_settled",
    "claim",
    "counted_alarms",
    "covered",
    "credentials",
    "device",
    "devices",
    "false_alarms",
    "false_ones",
    "issue",
    "lay_out",
    "make_claim",
    "may_try",
    "prepare",
    "register_device",
    "revoke",
]
