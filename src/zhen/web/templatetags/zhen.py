"""Tags of the design system that are too small, or too often used, for a component."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django_vite.templatetags.django_vite import vite_asset_url

from zhen.kernel.pages.api import Tone
from zhen.web import numbers
from zhen.web.words import TONE_WORDS

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; without a label it is decoration."""
    return _icon(_sprite(), name, str(label))


@register.simple_tag
def sprite() -> str:
    """The address of the icons, for drawings that use them at sizes of their own."""
    return _sprite()


@cache
def _sprite() -> str:
    """The address of the icons. A page has a hundred of them, and a build has one address."""
    return str(vite_asset_url("icons.svg"))


@lru_cache(maxsize=2_000)
def _icon(sprite: str, name: str, label: str) -> SafeString:
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.simple_tag
def mark(tone: str | Tone) -> SafeString:
    """The shape of a step of meaning."""
    return _mark(_sprite(), str(tone))


@lru_cache(maxsize=100)
def _mark(sprite: str, tone: str) -> SafeString:
    return format_html('<svg class="mark" aria-hidden="true"><use href="{}#mark-{}"></use></svg>', sprite, tone)


@register.simple_tag
def written(value: numbers.Number) -> numbers.Written:
    """A number in 万 and 亿, with its exact form beside it."""
    return numbers.written(value)


@register.filter
def tone_word(tone: str | Tone) -> str:
    """The word of a step of meaning, as the slips and the legend say it."""
    return str(TONE_WORDS[Tone(tone)])


@register.filter
def day(value: date | None) -> str:
    return f"{value:%Y-%m-%d}" if value else ""


@register.filter
def moment(value: datetime) -> str:
    return f"{localtime(value):%Y-%m-%d %H:%M}"


@register.filter
def sized(value: float) -> float:
    """The size of a number without its sign."""
    return abs(value)


@register.filter
def at(values: Any, index: int) -> Any:
    return values[index]
