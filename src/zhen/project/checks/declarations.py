"""What the loaded declarations say: that they can be translated, and that every state can be reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from django.utils.functional import Promise

from zhen.kernel.lib.problems import Problem
from zhen.kernel.lib.registry import Registry
from zhen.project.checks.packs import Folder

TEXT = "Text"


def text_problems() -> Iterator[Problem]:
    """Every text that people read is marked for translation."""
    for registry in Registry.all:
        for entry in registry.candidate.values():
            where = f"{entry.owner}: {registry.label} {entry.value.id}"
            for place, text in texts(entry.value):
                if not isinstance(text, Promise) and any(letter.isalpha() for letter in text):
                    yield Problem(
                        where=where,
                        what=f"the {place} “{text}” cannot be translated",
                        remedy="Wrap it in gettext_lazy: _(…)",
                    )


def texts(value: Any, place: str = "") -> Iterator[tuple[str, str | Promise]]:
    """The texts of a declaration and of what it holds, each with the path to it."""
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            inner = getattr(value, field.name)
            path = f"{place}.{field.name}" if place else field.name
            if field.type == TEXT and isinstance(inner, str | Promise):
                yield path, inner
            elif isinstance(inner, tuple | Mapping) or is_dataclass(inner):
                yield from texts(inner, path)
    elif isinstance(value, Mapping):
        yield from (found for key, inner in value.items() for found in texts(inner, f"{place}[{key}]"))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from (found for n, inner in enumerate(value) for found in texts(inner, f"{place}[{n}]"))


def documentation_problems(packs: Iterable[Folder]) -> Iterator[Problem]:
    for pack in packs:
        page = pack.path / "README.md"
        if not page.exists() or not page.read_text(encoding="utf-8").strip():
            yield Problem(
                where=pack.name,
                what="has no documentation",
                remedy="Say in README.md what the pack is for and how to use it",
            )
