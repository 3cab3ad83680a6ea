"""How long a session lives: pure values that the settings can import before any model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How long a session lives without a request, and in all."""

    idle: timedelta
    absolute: timedelta


def expired(*, started: datetime, seen: datetime, now: datetime, limits: Limits) -> str | None:
    """Why a session has ended (idle or limit), or `None` while it lives."""
    if now - started >= limits.absolute:
        return "limit"
    if now - seen >= limits.idle:
        return "idle"
    return None
