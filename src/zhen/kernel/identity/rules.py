"""Pure rules of identity: who may be given what, and when."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from zhen.kernel.access.api import Duty

INVITATION_LASTS = timedelta(days=3)
TOKEN_LASTS_AT_MOST = timedelta(days=366)
TOKEN_PREFIX = "zhen_"  # noqa: S105 marks keys so that scanners of leaked secrets find them
HINT = len(TOKEN_PREFIX) + 6
USED_IS_COARSE = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Span:
    """Days from one to another, the second exclusive; `None` is without end."""

    start: date
    end: date | None = None

    def overlaps(self, other: Span) -> bool:
        return (self.end is None or other.start < self.end) and (other.end is None or self.start < other.end)


def conflicting_duty(held: Collection[tuple[Duty, Span]], duty: Duty, span: Span) -> Duty | None:
    """The duty that somebody holds in the same days and that does not go with the new one.

    System, security and audit administration are never in one hand, nor mixed with the business that
    they administer: GB/T 22239-2019, 8.1.10.5 (separate roles) and 7.1.7.1 (posts that check each other).
    """
    return next((other for other, days in held if other is not duty and days.overlaps(span)), None)


def cycle(parents: Mapping[int, int | None], unit: int, under: int | None) -> bool:
    """Whether a unit would come to stand below itself; `parents` is the tree of one day."""
    seen: set[int] = set()
    while under is not None and under not in seen:
        if under == unit:
            return True
        seen.add(under)
        under = parents.get(under)
    return False


def new_secret() -> str:
    """256 random bits, fit for an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def worth_noting(used_at: datetime | None, now: datetime) -> bool:
    """Whether a token's use is news: it is noted once an hour, so that reading does not write."""
    return used_at is None or now - used_at >= USED_IS_COARSE
