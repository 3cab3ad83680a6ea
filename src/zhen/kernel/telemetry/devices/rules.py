"""What holds for a device, whoever enters it; and the secrets of devices."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Refused
from zhen.kernel.telemetry.declarations import PROFILES
from zhen.kernel.telemetry.devices.values import NewDevice
from zhen.kernel.telemetry.models.devices import CODE_FORM

GRACE = timedelta(hours=24)
"""So long a renewed credential leaves the old one, unless told otherwise."""
CLAIM_LASTS = timedelta(hours=72)
CLAIM_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CLAIM_LENGTH = 12
MOST_PARTS = 500
"""Devices behind one gateway: each is a subject that the message server keeps for its connection."""


def new_secret() -> str:
    """256 random bits: nobody tries them out, so a fast digest is enough (docs/adr/0060)."""
    return secrets.token_urlsafe(32)


def digest(code: str, secret: str) -> bytes:
    """What is kept of a secret. It names the device, so that no row can be moved to another one."""
    return hashlib.sha256(f"{code}\0{secret}".encode()).digest()


def new_claim() -> str:
    """A code of 60 random bits that can be read out and typed: letters that look alike are missing."""
    word = "".join(secrets.choice(CLAIM_LETTERS) for _position in range(CLAIM_LENGTH))
    return "-".join(word[start : start + 4] for start in range(0, CLAIM_LENGTH, 4))


def claim_digest(claim: str) -> bytes:
    """Small letters, spaces and strokes make no difference, nor do O, I and L, which the letters lack."""
    plain = re.sub(r"[\s-]", "", claim).upper().translate(str.maketrans("OIL", "011"))
    return hashlib.sha256(f"claim\0{plain}".encode()).digest()


def check(new: NewDevice) -> None:
    """What can be said of a device by itself. Raises Refused."""
    if not re.fullmatch(CODE_FORM, new.code):
        raise Refused(
            field=_("code"),
            value=new.code,
            reason=_("it is no code of a device"),
            remedy=_("Use 1 to 64 letters, digits, strokes and underlines, such as SMOKE-0001"),
        )
    if not new.name.strip() or len(new.name) > 100:
        raise Refused(
            field=_("name"), value=new.name, reason=_("it is empty or too long"), remedy=_("Use at most 100 characters")
        )
    if new.profile not in PROFILES:
        raise Refused(
            field=_("device profile"),
            value=new.profile,
            reason=_("there is no such profile"),
            remedy=_("Use one of: %(profiles)s") % {"profiles": "、".join(profile.code for profile in PROFILES)},
        )
    if not 1 <= new.messages_per_minute <= 60_000:
        raise Refused(
            field=_("messages per minute at most"),
            value=new.messages_per_minute,
            reason=_("it is out of range"),
            remedy=_("Use 1 to 60000"),
        )
    if new.installed_on and new.end_of_life and new.end_of_life <= new.installed_on:
        raise Refused(
            field=_("to be replaced by"),
            value=new.end_of_life,
            reason=_("it is not after the day of installation"),
            remedy=_("Correct one of the two days"),
        )
    if new.gateway and new.gateway == new.code:
        raise Refused(
            field=_("behind the gateway"),
            value=new.gateway,
            reason=_("a device is not behind itself"),
            remedy=_("Leave it empty"),
        )


def check_gateway(code: str, behind: str | None, parts: Mapping[str, int]) -> None:
    """A gateway stands in the registry, is behind no other, and has not too many devices. Raises Refused."""
    if behind is not None:
        raise Refused(
            field=_("behind the gateway"),
            value=code,
            reason=_("that device is itself behind the gateway %(gateway)s") % {"gateway": behind},
            remedy=_("Name the gateway that speaks for both"),
        )
    if parts.get(code, 0) > MOST_PARTS:
        raise Refused(
            field=_("behind the gateway"),
            value=code,
            reason=_("a gateway speaks for at most %(most)s devices") % {"most": MOST_PARTS},
            remedy=_("Register a second gateway"),
        )
