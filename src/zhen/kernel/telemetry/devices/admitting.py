"""Whether a device may connect, and as whom it then speaks. Asked by the message server for each connection."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from zhen.kernel.telemetry.devices.queries import working
from zhen.kernel.telemetry.devices.rules import digest
from zhen.kernel.telemetry.models import Credential, Device


@dataclass(frozen=True, kw_only=True)
class Admission:
    """A device that is let in. `parts`: the devices behind it, for which it speaks."""

    code: str
    parts: tuple[str, ...]


def admit(code: str, secret: str, client_id: str, now: datetime) -> Admission | None:
    """The admission of a device with its secret; None where it is not let in.

    `client_id` must not be the code of another device: MQTT gives a connection the session of its client id, and with
    it what that other device has subscribed to.
    """
    known = Credential.objects.filter(
        working(now), device__code=code, device__state=Device.State.ACTIVE, digest=digest(code, secret)
    )
    if not known.exists():
        return None
    if client_id != code and Device.objects.filter(code=client_id).exists():
        return None
    parts = Device.objects.filter(gateway__code=code, state=Device.State.ACTIVE).order_by("code")
    return Admission(code=code, parts=tuple(parts.values_list("code", flat=True)))


def admitted(codes: Iterable[str], now: datetime) -> set[str]:
    """Those of the codes whose devices may be connected now."""
    rows = Credential.objects.filter(working(now), device__code__in=list(codes), device__state=Device.State.ACTIVE)
    return set(rows.values_list("device__code", flat=True))
