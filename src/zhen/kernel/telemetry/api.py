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
    "DeviceProfile",
    "Equals",
    "Metric",
    "Rate",
    "Schedule",
    "Severity",
    "Silent",
    "Window",
    "prepare",
]
