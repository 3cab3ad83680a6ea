"""What other modules may import of telemetry."""

from zhen.kernel.telemetry.alarms import table as alarm_table
from zhen.kernel.telemetry.alarms.actions import close_incident
from zhen.kernel.telemetry.alarms.casing import check_cause, check_settled, outcomes_of, settle, take_up
from zhen.kernel.telemetry.alarms.queries import (
    FalseAlarms,
    alarms,
    counted_alarms,
    false_alarms,
    false_ones,
    incidents,
)
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
    profile_found,
)
from zhen.kernel.telemetry.devices.actions import register as register_device
from zhen.kernel.telemetry.devices.actions import register_many as register_devices
from zhen.kernel.telemetry.devices.admitting import Admission, admit, admitted
from zhen.kernel.telemetry.devices.coverage import built, covered, unwatched, watched
from zhen.kernel.telemetry.devices.credentials import Issued, claim, issue, make_claim, may_try, revoke
from zhen.kernel.telemetry.devices.orders import Telling, take_unsent
from zhen.kernel.telemetry.devices.queries import credentials, device, devices
from zhen.kernel.telemetry.devices.values import NewDevice
from zhen.kernel.telemetry.ingest.streams import Servers, lay_out
from zhen.kernel.telemetry.models import Alarm, Device, Incident
from zhen.kernel.telemetry.plans.actions import add_plan, set_pins
from zhen.kernel.telemetry.preparing import prepare
from zhen.kernel.telemetry.screens.coverage import unwatched_page
from zhen.kernel.telemetry.shared.parts import (
    BATTERY,
    BATTERY_LOW,
    FAULT,
    HEALTH,
    NOT_HEARD,
    ON_BATTERY,
    ON_MAINS,
    flag,
)
from zhen.kernel.telemetry.shared.transmission import (
    FAULTY,
    FIRE_CAUSES,
    MAINS,
    MAINS_FAULT,
    PLAIN_PART,
    PLAIN_SYSTEM,
    PLAIN_TRANSMITTER,
)

__all__ = [
    "BATTERY",
    "BATTERY_LOW",
    "CAUSES",
    "FAULT",
    "FAULTY",
    "FIRE_CAUSES",
    "HEALTH",
    "MAINS",
    "MAINS_FAULT",
    "NOT_HEARD",
    "ON_BATTERY",
    "ON_MAINS",
    "PLAIN_PART",
    "PLAIN_SYSTEM",
    "PLAIN_TRANSMITTER",
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
    "Telling",
    "Window",
    "add_plan",
    "admit",
    "admitted",
    "alarm_table",
    "alarms",
    "built",
    "check_cause",
    "check_settled",
    "claim",
    "close_incident",
    "counted_alarms",
    "covered",
    "credentials",
    "device",
    "devices",
    "false_alarms",
    "false_ones",
    "flag",
    "incidents",
    "issue",
    "lay_out",
    "make_claim",
    "may_try",
    "outcomes_of",
    "prepare",
    "profile_found",
    "register_device",
    "register_devices",
    "revoke",
    "set_pins",
    "settle",
    "take_unsent",
    "take_up",
    "unwatched",
    "unwatched_page",
    "watched",
]
