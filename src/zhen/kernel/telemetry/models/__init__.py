"""Devices with their credentials, readings, and what was not a reading."""

from zhen.kernel.telemetry.models.devices import Claim, Credential, Device
from zhen.kernel.telemetry.models.files import DeviceFile
from zhen.kernel.telemetry.models.parameters import RuleParameter
from zhen.kernel.telemetry.models.readings import Hour, Latest, MetricCode, Minute, MonthFile, Reading
from zhen.kernel.telemetry.models.stream import Position, Rejected

__all__ = [
    "Claim",
    "Credential",
    "Device",
    "DeviceFile",
    "Hour",
    "Latest",
    "MetricCode",
    "Minute",
    "MonthFile",
    "Position",
    "Reading",
    "Rejected",
    "RuleParameter",
]
