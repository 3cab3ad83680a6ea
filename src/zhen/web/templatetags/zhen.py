"""Tags of the design system that are too small, or too often used, for a component."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_vite.templatetags.django_vite import vite_asset_url

from zhen.kernel.pages.api import Tone

register = template.Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; without a label it is decoration."""
    sprite = vite_asset_url("icons.svg")
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', label, sprite, name
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', sprite, name)


@register.simple_tag
def mark(tone: str | Tone) -> SafeString:
    """The shape of a step of meaning."""
    return format_html(
        '<svg class="mark" aria-hidden="true"><use href="{}#mark-{}"></use></svg>', vite_asset_url("icons.svg"), tone
    )
