"""What a user information transmission device (GB/T 26875.3-2011) tells, as fire safety takes it.

These profiles stand in for the plain ones of the gateway, so that a fire which it hears opens a case of this pack.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.api import (
    FAULT,
    FAULTY,
    MAINS,
    MAINS_FAULT,
    NOT_HEARD,
    PLAIN_PART,
    PLAIN_SYSTEM,
    PLAIN_TRANSMITTER,
    DeviceProfile,
)
from zhen.packs.fire.profiles.common import ALARM, CAUSES, SIGNAL


def standing_in(plain: DeviceProfile, code: str, name: object) -> DeviceProfile:
    return replace(plain, code=f"fire.{code}", name=name, case_type=ALARM, stands_in_for=plain.code)  # type: ignore[arg-type]


PART = standing_in(PLAIN_PART, "part", _("Part of a fire alarm system"))
SYSTEM = standing_in(PLAIN_SYSTEM, "system", _("Fire alarm system"))
TRANSMITTER = standing_in(PLAIN_TRANSMITTER, "transmitter", _("User information transmission device"))

HUB = DeviceProfile(
    code="fire.hub",
    name=_("Wireless gateway of fire detectors"),
    metrics=(FAULT, MAINS_FAULT, SIGNAL),
    rules=(FAULTY, MAINS, NOT_HEARD),
    interval=timedelta(minutes=10),
    case_type=ALARM,
    causes=CAUSES,
)

PROFILES = (PART, SYSTEM, TRANSMITTER, HUB)
