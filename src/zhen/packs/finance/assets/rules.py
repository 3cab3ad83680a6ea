"""Depreciation and what may follow what. No clock, no database.

Straight line without residual value, in whole fen: every month the same amount, the last month the rest. From the
month of acquisition on, none in the month of disposal (《政府会计准则第3号——固定资产》第二十一条); a village collective
begins in the month after (《农村集体经济组织会计制度》).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Begins(models.TextChoices):
    """When depreciation begins."""

    SAME_MONTH = "same", _("in the month of acquisition")
    NEXT_MONTH = "next", _("in the month after")


class State(models.TextChoices):
    """Where an asset stands on the books: what depreciates is in use or waits for its disposal."""

    BUILDING = "building", pgettext_lazy("state of an asset", "under construction")
    IN_USE = "in_use", pgettext_lazy("state of an asset", "in use")
    WAITING = "waiting", pgettext_lazy("state of an asset", "disposal asked for")
    PENDING = "pending", pgettext_lazy("state of an asset", "loss to be decided on")
    GONE = "gone", pgettext_lazy("state of an asset", "off the books")


FIXED, UNDER_CONSTRUCTION, WORN = "1601", "1613", "1602"
ON_FIXED = (State.IN_USE, State.WAITING)
"""What stands on 1601. What is under construction stands on 1613; what waits for a decision, on 1902."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """What is to be written off: `value` fen over `months`, the first of which is the month of `begins`."""

    value: int
    months: int
    begins: date


def first_of(day: date) -> date:
    return day.replace(day=1)


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def months_between(first: date, last: date) -> int:
    """How many months from one to the other, both counted; 0 or less where it ends before it begins."""
    return (last.year - first.year) * 12 + last.month - first.month + 1


def begins_on(acquired_on: date, rule: str) -> date:
    """The first month that is depreciated."""
    return first_of(acquired_on) if rule == Begins.SAME_MONTH else next_month(acquired_on)


def worn_by(life: Life, month: date) -> int:
    """What is written off at the end of a month, in fen."""
    passed = min(months_between(life.begins, month), life.months)
    if passed <= 0:
        return 0
    return life.value if passed == life.months else life.value // life.months * passed


def worn_in(life: Life, month: date) -> int:
    """What a month writes off, in fen: the last one takes the rest."""
    before = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return worn_by(life, month) - worn_by(life, before)
