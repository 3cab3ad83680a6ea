"""docs/reference/packs.md: what a pack can declare."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from typing import Any

from zhen.kernel.packs.api import Pack
from zhen.kernel.pages import api as pages
from zhen.project.docs.tables import table


def lines() -> Iterator[str]:
    yield "# Packs"
    yield ""
    yield "Written by `zhen docs`. A pack is a folder under `src/zhen/packs/` with a `pack.py` that holds"
    yield "`PACK = Pack(…)`; how to make one is in [docs/howto/pack.md](../howto/pack.md). Declarations are"
    yield "frozen; they are checked before anything starts, and `zhen check` finds more. `tests/dummy_pack`"
    yield "uses all that stands here."
    yield ""
    yield from _section(Pack, "##")
    for kind in kinds():
        yield from _section(kind, "##")


def kinds() -> list[type[Any]]:
    """The declaration types that a pack's fields hold, and what these hold, in the order of their first use."""
    found: list[type[Any]] = []
    waiting = [Pack]
    while waiting:
        for kind in _named_in(waiting.pop(0)):
            for each in (kind, *_pages_of(kind)):
                if each not in found:
                    found.append(each)
                    waiting.append(each)
    return found


def _pages_of(kind: type[Any]) -> list[type[Any]]:
    if kind is not pages.Page:
        return []
    return [each for each in vars(pages).values() if isinstance(each, type) and issubclass(each, pages.Page)]


def _named_in(kind: type[Any]) -> Iterator[type[Any]]:
    """The dataclasses that the types of a dataclass's fields name."""
    known = vars(sys.modules[kind.__module__])
    for field in fields(kind):
        for word in re.findall(r"\w+", str(field.type)):
            named = known.get(word)
            if isinstance(named, type) and is_dataclass(named):
                yield named


def _section(kind: type[Any], level: str) -> Iterator[str]:
    yield f"{level} {kind.__name__}"
    yield ""
    yield inspect.cleandoc(kind.__doc__ or "")
    yield ""
    yield from table(("field", "type", "default"), ((f.name, f"`{f.type}`", _default(f)) for f in fields(kind)))
    yield ""


def _default(field: Any) -> str:
    if field.default is MISSING and field.default_factory is MISSING:
        return "required"
    value = field.default
    if value is MISSING or value in ((), None, "", frozenset()):
        return ""
    name = getattr(value, "__name__", None) or getattr(value, "name", None) or repr(value)
    return f"`{name}`"
