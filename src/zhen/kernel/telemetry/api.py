"""What other modules may import of telemetry."""

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
from zhen.kernel.telemetry.devices.values import NewDevice
from zhen.kernel.telemetry.models import Device
from zhen.kernel.telemetry.preparing import prepare

__all__ = [
    "CAUSES",
    "PROFILES",
    "Above",
    "AlarmRule",
    "AllOf",
    "AnyOf",
    "Below",
    "Command",
    "Condition",
    "Device",
    "DeviceProfile",
    "Equals",
    "Metric",
    "NewDevice",
    "Rate",
    "Schedule",
    "Severity",
    "Silent",
    "Window",
    "prepare",
    "register_device",
]
