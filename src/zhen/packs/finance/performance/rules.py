"""Scores, grades and slips. No clock, no database. Points are of a hundred, with two decimals."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db import models
from django.utils.translation import pgettext_lazy

from zhen.kernel.pages.api import Tone

CENT = Decimal("0.01")
WHOLE = Decimal(1)
NOTHING = Decimal(0)


class Group(models.TextChoices):
    """What an indicator shows. Execution is read from the budget line itself."""

    OUTPUT = "output", pgettext_lazy("group of indicators", "output")
    BENEFIT = "benefit", pgettext_lazy("group of indicators", "benefit")
    SATISFACTION = "satisfaction", pgettext_lazy("group of indicators", "satisfaction")


class Comparator(models.TextChoices):
    AT_LEAST = "ge", "≥"
    AT_MOST = "le", "≤"
    EXACTLY = "eq", "="


class Grade(models.TextChoices):
    EXCELLENT = "excellent", pgettext_lazy("grade of performance", "excellent")
    GOOD = "good", pgettext_lazy("grade of performance", "good")
    FAIR = "fair", pgettext_lazy("grade of performance", "fair")
    POOR = "poor", pgettext_lazy("grade of performance", "poor")


TO_RECTIFY = frozenset({Grade.FAIR, Grade.POOR})
"""Grades after which something has to be put right, and the next budget has to say why it asks again."""


@dataclass(frozen=True, kw_only=True)
class Bands:
    """From which score on a grade holds; what is below the last is poor."""

    excellent: int
    good: int
    fair: int


def achieved(value: Decimal, target: Decimal, comparator: str) -> Decimal:
    """How much of a target is reached, from 0 to 1."""
    if comparator == Comparator.AT_LEAST:
        if value >= target:
            return WHOLE
        return max(NOTHING, value / target) if target > 0 else NOTHING
    if comparator == Comparator.AT_MOST:
        if value <= target:
            return WHOLE
        return max(NOTHING, target / value) if value > 0 else NOTHING
    if value == target:
        return WHOLE
    return max(NOTHING, WHOLE - abs(value - target) / abs(target)) if target else NOTHING


def points(weight: Decimal, share: Decimal) -> Decimal:
    """The points of a weight for a share from 0 to 1."""
    return (weight * min(max(share, NOTHING), WHOLE)).quantize(CENT, ROUND_HALF_UP)


def executed(spent: int, granted: int) -> Decimal:
    """The share of a budget line that is spent, from 0 to 1."""
    return min(Decimal(spent) / granted, WHOLE) if granted > 0 else NOTHING


def grade_of(score: Decimal, bands: Bands) -> Grade:
    if score >= bands.excellent:
        return Grade.EXCELLENT
    if score >= bands.good:
        return Grade.GOOD
    return Grade.FAIR if score >= bands.fair else Grade.POOR


def tone_of(share: Decimal | None, passed: Decimal, *, blue: int, yellow: int) -> Tone:
    """The slip of an indicator at mid-term: `share` reached of what a `passed` share of the year lets expect.

    Up to `blue` points behind is due soon, up to `yellow` behind, more is overdue. Without a value nothing is said.
    """
    if share is None:
        return Tone.NEUTRAL
    behind = (passed - share) * 100
    if behind <= 0:
        return Tone.ON_TRACK
    if behind <= blue:
        return Tone.DUE_SOON
    return Tone.BEHIND if behind <= yellow else Tone.OVERDUE
