"""Devices with their credentials, readings, what was not a reading, and alarms."""

from zhen.kernel.telemetry.models.alarms import Alarm, AlarmComment, Incident, RuleState, Suppression
from zhen.kernel.telemetry.models.announced import Announced
from zhen.kernel.telemetry.models.devices import Claim, Credential, Device
from zhen.kernel.telemetry.models.duty import EscalationStep, Shift
from zhen.kernel.telemetry.models.files import DeviceFile
from zhen.kernel.telemetry.models.orders import Order
from zhen.kernel.telemetry.models.parameters import RuleParameter
from zhen.kernel.telemetry.models.plans import FloorPlan, PlanPin
from zhen.kernel.telemetry.models.readings import Hour, Latest, MetricCode, Minute, MonthFile, Reading
from zhen.kernel.telemetry.models.standing import Standing
from zhen.kernel.telemetry.models.stream import Position, Rejected

__all__ = [
    "Alarm",
    "AlarmComment",
    "Announced",
    "Claim",
    "Credential",
    "Device",
    "DeviceFile",
    "EscalationStep",
    "FloorPlan",
    "Hour",
    "Incident",
    "Latest",
    "MetricCode",
    "Minute",
    "MonthFile",
    "Order",
    "PlanPin",
    "Position",
    "Reading",
    "Rejected",
    "RuleParameter",
    "RuleState",
    "Shift",
    "Standing",
    "Suppression",
]
