"""What devices sign in with: issued and shown once, renewed, revoked; and claim codes for installers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.identity.api import within
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.telemetry.devices.actions import end_credentials, held
from zhen.kernel.telemetry.devices.rules import CLAIM_LASTS, GRACE, claim_digest, digest, new_claim, new_secret
from zhen.kernel.telemetry.devices.values import CREDENTIALS
from zhen.kernel.telemetry.models import Claim, Credential, Device

TRIES_PER_MINUTE = 10


@dataclass(frozen=True, kw_only=True)
class Issued:
    """A credential with its secret, which is kept nowhere else."""

    device: Device
    secret: str


@action(CREDENTIALS)
def issue(actor: Actor, device: Device, *, grace: timedelta = GRACE) -> Issued:
    """Give a device a new secret. One that it had works for `grace` more, and not longer than before."""
    found = held(actor, device, CREDENTIALS)
    _require_service(found)
    return _issue(actor, found, clock.now(), grace)


@action(CREDENTIALS)
def revoke(actor: Actor, device: Device) -> None:
    """End all secrets and claim codes of a device at once; a connection that it has is cut."""
    found = held(actor, device, CREDENTIALS)
    ended = end_credentials(found, clock.now())
    _tell("telemetry.credential_revoked", actor, found, ended=ended)


@action(CREDENTIALS)
def make_claim(actor: Actor, device: Device) -> str:
    """A code with which whoever installs the device fetches its credential, once, within three days."""
    found = held(actor, device, CREDENTIALS)
    _require_service(found)
    now, code = clock.now(), new_claim()
    found.claims.filter(used_at__isnull=True, ends_at__gt=now).update(ends_at=now)
    Claim.objects.create(device=found, digest=claim_digest(code), made_at=now, ends_at=now + CLAIM_LASTS)
    _tell("telemetry.claim_made", actor, found)
    return code


@action(None)
def claim(actor: Actor, code: str) -> Issued:
    """Exchange a claim code for the device's credential. Anybody may try who `may_try`."""
    now = clock.now()
    found = Claim.objects.select_for_update(of=("self",)).filter(digest=claim_digest(code)).first()
    if found is None or found.used_at is not None or found.ends_at <= now:
        raise Refused(
            field=_("claim code"),
            value=code,
            reason=_("it is unknown, used or too old"),
            remedy=_("Ask for a new one"),
        )
    device = Device.objects.select_for_update().get(pk=found.device_id)
    _require_service(device)
    found.used_at = now
    found.save(update_fields=["used_at"])
    return _issue(actor, device, now, timedelta(0))


def may_try(address: str, now: datetime) -> bool:
    """Whether an address may try a claim code once more in this minute; counts it."""
    return within(f"telemetry.claim {address}", calls=TRIES_PER_MINUTE, seconds=60, now=now)


def _issue(actor: Actor, device: Device, now: datetime, grace: timedelta) -> Issued:
    Credential.objects.filter(device=device, ends_at__isnull=True).update(ends_at=now + grace)
    secret = new_secret()
    Credential.objects.create(device=device, digest=digest(device.code, secret), issued_at=now)
    _tell("telemetry.credential_issued", actor, device)
    return Issued(device=device, secret=secret)


def _require_service(device: Device) -> None:
    if device.state != Device.State.ACTIVE:
        raise Outdated(
            field=_("state"),
            value=device.get_state_display(),
            reason=_("the device is not in service"),
            remedy=_("Restore it first"),
        )


def _tell(kind: str, actor: Actor, device: Device, **data: object) -> None:
    journal.record(
        kind, by=actor, subject=device, area=device.place_id, unit=device.unit_id, data={"code": device.code, **data}
    )
