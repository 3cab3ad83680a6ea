"""Filters of the plan's pages."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django import template

from zhen.kernel.pages.api import Chip, Tone
from zhen.kernel.plan.api import (
    TONES,
    WORDS,
    ChapterView,
    Finding,
    Standing,
    Target,
    plain,
    promised,
    standing_chip,
)

register = template.Library()

STATE_TONES = {
    Finding.State.PROPOSED: Tone.NEUTRAL,
    Finding.State.CONFIRMED: Tone.ON_TRACK,
    Finding.State.EDITED: Tone.DUE_SOON,
    Finding.State.REJECTED: Tone.NEUTRAL,
}


@register.filter
def terms(promise: Finding | Target) -> str:
    """What is promised: "≥ 8 万亩"."""
    return promised(promise)


@register.filter
def state_tone(finding: Finding) -> str:
    return STATE_TONES[Finding.State(finding.state)]


@register.filter
def chip(standing: Standing) -> Chip:
    """The word and the tone of a standing."""
    return standing_chip(standing)


@register.filter
def number(value: Decimal | None) -> str:
    """A decimal without trailing zeros."""
    return plain(value)


@register.filter
def standing_tone(standing: str) -> str:
    return TONES[Standing(standing)]


@register.filter
def standing_word(standing: str) -> str:
    return str(WORDS[Standing(standing)])


@register.filter
def short(value: Decimal) -> str:
    """At most two decimals, in 万 and 亿 where the number is long: 1.23亿."""
    size = abs(value)
    for scale, word in ((Decimal(10**8), "亿"), (Decimal(10**4), "万")):
        if size >= scale * 10:
            return f"{plain(round(value / scale, 2))}{word}"
    return plain(round(value, 2))


@register.filter
def unlocal(value: float) -> str:
    """A coordinate, whatever the language."""
    return f"{value:.1f}"


@register.filter
def daybefore(day: date) -> date:
    """Periods end before a day; people name the last one."""
    return day - timedelta(days=1)


@register.filter
def standing_parts(chapter: ChapterView) -> list[tuple[str, str, str, bool]]:
    """The promises of a chapter as parts of a bar of 100: start, width, tone, whether it is kept."""
    total = sum(chapter.standings.values())
    parts, at = [], 0.0
    for standing in BAR:
        count = chapter.standings.get(standing, 0)
        if count:
            width = count * 100 / total
            parts.append((unlocal(at), unlocal(width), str(TONES[standing]), standing is Standing.KEPT))
            at += width
    return parts


BAR = (
    Standing.KEPT,
    Standing.ON_TRACK,
    Standing.DUE_SOON,
    Standing.BEHIND,
    Standing.OVERDUE,
    Standing.NOT_REPORTED,
    Standing.NOT_MEASURABLE,
)
