"""What is said of a device when it is registered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

VIEW = "telemetry.device.view"
MANAGE = "telemetry.device.manage"
CREDENTIALS = "telemetry.credential.manage"
ORDER = "telemetry.device.order"


@dataclass(frozen=True, kw_only=True)
class NewDevice:
    """A device as it is to stand in the registry. `gateway` is the code of the gateway that it is behind."""

    code: str
    name: str
    profile: str
    place_id: int
    unit_id: int
    spot: str = ""
    gateway: str = ""
    maintenance: str = ""
    maintained_until: date | None = None
    installed_on: date | None = None
    end_of_life: date | None = None
    messages_per_minute: int = 600
