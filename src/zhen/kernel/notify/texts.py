"""Texts with fields in braces: checked when they are written, filled when they are sent.

Only plain names are fields. Attributes, indexes, conversions and formats, which `str.format` would
allow, are refused, since staff edit these texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from string import Formatter

from django.utils.translation import gettext


def faults_of(text: str, fields: Collection[str]) -> Iterator[str]:
    """What is wrong with a text, one short phrase each; nothing if it can be filled."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        yield gettext("a brace is not closed")
        return
    for _literal, name, form, conversion in parts:
        if name is None:
            continue
        if form or conversion:
            yield gettext("{{{name}}} has a format").format(name=name)
        elif name not in fields:
            yield gettext("{{{name}}} is no field of this message").format(name=name)


def filled(text: str, values: Mapping[str, str]) -> str:
    """A text with its fields filled; a field without a value is left empty rather than lost in an error."""
    out = []
    for literal, name, _form, _conversion in Formatter().parse(text):
        out.append(literal)
        if name is not None:
            out.append(str(values.get(name, "")))
    return "".join(out)
