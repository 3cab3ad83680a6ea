"""What is wrong with a catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from zhen.kernel.lib.problems import Problem
from zhen.project.messages import catalogue
from zhen.project.messages.apps import App
from zhen.project.messages.extract import Key, Message, messages_of

_PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!%)%[sd]|\{\w*(?:\.\w+)*\}")


def problems_of(apps: Iterable[App]) -> Iterator[Problem]:
    """Everything wrong with the catalogues of `apps`, and between them."""
    seen: dict[Key, tuple[str, str]] = {}
    for app in apps:
        messages = messages_of(app.folder)
        catalog = catalogue.read(app.catalogue)
        chinese = catalogue.translations(catalog)
        fuzzy = {key for key, text in chinese.items() if not text}
        yield from _missing(app, messages, chinese, fuzzy)
        yield from _unused(app, messages, chinese)
        for key in messages:
            text = chinese.get(key)
            if not text:
                continue
            yield from _placeholders(app, key, messages[key], text)
            other, first = seen.setdefault(key, (app.name, text))
            if first != text:
                yield Problem(
                    where=f"{app.name}: {key}",
                    what=f"is {text} here and {first} in {other}, and gettext keeps only one",
                    remedy="Use one translation, or tell the two apart with pgettext",
                )


def _missing(
    app: App, messages: Mapping[Key, Message], chinese: Mapping[Key, str], unfinished: set[Key]
) -> Iterator[Problem]:
    for key in messages:
        if key not in chinese:
            yield Problem(
                where=f"{app.name}: {key}",
                what="has no Chinese translation",
                remedy="Run `zhen messages --write` and fill it in",
            )
        elif key in unfinished:
            yield Problem(
                where=f"{app.name}: {key}",
                what="has an empty or fuzzy Chinese translation",
                remedy=f"Fill it in, in the locale folder of {app.name}",
            )


def _unused(app: App, messages: Mapping[Key, Message], chinese: Mapping[Key, str]) -> Iterator[Problem]:
    for key in chinese:
        if key not in messages:
            yield Problem(
                where=f"{app.name}: {key}",
                what="is translated but no source uses it",
                remedy="Run `zhen messages --write`",
            )


def _placeholders(app: App, key: Key, message: Message, text: str) -> Iterator[Problem]:
    """A lost placeholder loses a fact, an invented one fails on the page."""
    wanted, given = placeholders(message.plural or key.text), placeholders(text)
    if wanted != given:
        yield Problem(
            where=f"{app.name}: {key}",
            what=f"has the placeholders {_list(wanted)} but its Chinese translation has {_list(given)}",
            remedy="Use the same ones in both",
        )


def placeholders(text: str) -> frozenset[str]:
    return frozenset(_PLACEHOLDER.findall(text.replace("%%", "")))


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
