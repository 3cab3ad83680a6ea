"""The options of a list to choose from, as HTML.

A page's filters hold hundreds of them, the same for everybody: as a template they would take longer than all else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

INDENT = "\u3000"


def options(choices: Iterable[tuple[str, str, int]], chosen: str) -> SafeString:
    """Each choice is its value, its label, and how far it is indented."""
    return mark_safe("".join(_option(*one, one[0] == chosen) for one in choices))  # noqa: S308  each is escaped


@lru_cache(maxsize=5_000)
def _option(value: str, label: str, depth: int, chosen: bool) -> SafeString:
    text = '<option value="{}" selected>{}{}</option>' if chosen else '<option value="{}">{}{}</option>'
    return format_html(text, value, INDENT * max(0, depth), label)
