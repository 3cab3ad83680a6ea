"""From the texts that forms of any kind send (HTML, Open311) to JSON. What an answer must be is for the validator."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from zhen.kernel.forms.schema import Schema, choices_of, choosing, properties_of

_YES, _NO = frozenset({"true", "on", "1", "yes"}), frozenset({"false", "off", "0", "no", ""})


def from_texts(schema: Schema, texts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Answers to a schema from texts by field; what is not asked comes along, so that the validator names it."""
    parts = {one.name: one.schema for one in properties_of(schema)}
    return {name: read(parts[name], values) if name in parts else list(values) for name, values in texts.items()}


def read(part: Schema, texts: Sequence[str]) -> Any:
    """One answer. What cannot be read as its type stays a text; nothing is None."""
    choices = choices_of(choosing(part))
    chosen = [_chosen(choices, text) for text in texts] if choices is not None else list(texts)
    if part["type"] == "array":
        return chosen
    if not chosen or chosen[-1] == "":
        return None
    if choices is not None:
        return chosen[-1]
    text = texts[-1]
    match part["type"]:
        case "integer" | "number":
            return _number(text, part["type"])
        case "boolean":
            return True if text.lower() in _YES else False if text.lower() in _NO else text
        case _:
            return text


def _chosen(choices: Sequence[tuple[Any, str]], text: str) -> Any:
    """The choice's own value: texts name it, and it may be a number."""
    return next((value for value, _title in choices if str(value) == text), text)


def _number(text: str, type_: str) -> Any:
    """The number that a text writes, also in full-width digits; the text itself where it writes none."""
    written = unicodedata.normalize("NFKC", text).strip().replace(",", "")
    try:
        return int(written) if type_ == "integer" or written.lstrip("+-").isdecimal() else float(written)
    except ValueError:
        return text
