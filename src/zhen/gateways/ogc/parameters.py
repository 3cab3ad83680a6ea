"""Query parameters of the standard: bbox, datetime, limit. Pure but for the clock's day that is passed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite

from django.utils.translation import gettext as _

from zhen.gateways.ogc.problems import BadParameter
from zhen.kernel.lib.clock import TOWN_ZONE
from zhen.kernel.lib.geometry.api import Box

LIMIT = 100
MAX_LIMIT = 1000


def only(query: Mapping[str, str], allowed: Iterable[str]) -> None:
    """Refuse parameters that the address does not define (requirement /req/core/query-param-unknown)."""
    unknown = sorted(set(query) - set(allowed))
    if unknown:
        raise BadParameter(unknown[0][:40], _("is not a parameter of this address; there are: %s") % ", ".join(allowed))


def limit_of(text: str | None) -> int:
    """How many features; more than the most is no error but the most (/req/core/fc-limit-definition)."""
    if text is None:
        return LIMIT
    if not text.isascii() or not text.isdigit() or int(text[:9]) < 1:
        raise BadParameter("limit", _("give a whole number from 1 on"))
    return min(int(text[:9]), MAX_LIMIT)


def after_of(text: str | None) -> int:
    """The position of a page: the number that the link to the next page carries."""
    if text is None:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadParameter("after", _("follow the link “next” instead of making it up"))
    return int(text)


def box_of(text: str | None) -> Box | None:
    """`west,south,east,north` in CRS84, or with heights in between, which are not looked at."""
    if text is None:
        return None
    try:
        numbers = [float(part) for part in text.split(",")]
        if len(numbers) not in (4, 6) or not all(map(isfinite, numbers)) or len(text) > 200:
            raise ValueError
        if len(numbers) == 6:
            numbers = [numbers[0], numbers[1], numbers[3], numbers[4]]
        return Box(*numbers)
    except ValueError:
        raise BadParameter("bbox", _("give west,south,east,north in degrees, west before east")) from None


@dataclass(frozen=True)
class Days:
    """The days from `first` to `last`, both included."""

    first: date
    last: date


def days_of(text: str | None, today: date) -> Days:
    """A day, an instant, or an interval with `..` for an open end (RFC 3339). Nothing means today.

    An instant is its day on the town's calendar.
    """
    if text is None:
        return Days(today, today)
    start, slash, end = text.partition("/")
    try:
        if not slash:
            day = _day(start)
            return Days(day, day)
        first = date.min if start in ("", "..") else _day(start)
        last = date.max if end in ("", "..") else _day(end)
        if first > last or (start in ("", "..") and end in ("", "..")):
            raise ValueError
        return Days(first, last)
    except (ValueError, OverflowError):
        raise BadParameter("datetime", _("give a day such as 2020-07-01, an instant, or start/end")) from None


def _day(text: str) -> date:
    if len(text) > 40:
        raise ValueError
    if len(text) == 10:
        return date.fromisoformat(text)
    if "T" not in text.upper() or len(text) < 20:
        raise ValueError
    at = datetime.fromisoformat(text.upper())
    if at.tzinfo is None:
        raise ValueError
    return at.astimezone(TOWN_ZONE).date()
