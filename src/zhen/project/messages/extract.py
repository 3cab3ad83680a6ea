"""Which strings an app's sources hand to gettext.

Python goes through Babel's extractor. Templates are first turned into such calls by Django's own
`templatize`, so that what is extracted is what the template engine looks up.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO

from babel.messages.extract import extract
from django.utils.translation.template import templatize

_WITH_CONTEXT = ((1, "c"), 2)
_PLURAL = (1, 2)
_PLURAL_WITH_CONTEXT = ((1, "c"), 2, 3)
KEYWORDS = {
    "_": None,
    **{f"gettext{lazy}": None for lazy in ("", "_lazy", "_noop")},
    **{f"ngettext{lazy}": _PLURAL for lazy in ("", "_lazy")},
    **{f"pgettext{lazy}": _WITH_CONTEXT for lazy in ("", "_lazy")},
    **{f"npgettext{lazy}": _PLURAL_WITH_CONTEXT for lazy in ("", "_lazy")},
}
_TEMPLATES = {".html", ".txt"}
_LEFT_OUT = {"tests", "migrations", "static", "locale", "node_modules", "__pycache__"}


@dataclass(frozen=True)
class Key:
    """What gettext looks a message up by."""

    text: str
    context: str | None = None

    def __str__(self) -> str:
        return f"“{self.text}”" + (f" ({self.context})" if self.context else "")


@dataclass(kw_only=True)
class Message:
    """A string found in the sources: its plural, if it has one, and the files that use it."""

    plural: str | None = None
    files: set[str] = field(default_factory=set)


class Unreadable(Exception):
    """A source file cannot be read for messages. Remedy: mend what the message says."""

    def __init__(self, path: Path, reason: object) -> None:
        self.path = path
        super().__init__(f"{path}: {reason}")


def messages_of(folder: Path) -> dict[Key, Message]:
    """Every message in the Python files and templates under `folder`."""
    found: dict[Key, Message] = {}
    for path in sources(folder):
        for key, plural in _of_file(path):
            message = found.setdefault(key, Message())
            message.plural = message.plural or plural
            message.files.add(path.relative_to(folder).as_posix())
    return found


def sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in _LEFT_OUT:
                yield from sources(path)
        elif path.suffix == ".py" or (path.suffix in _TEMPLATES and "templates" in path.parts):
            yield path


def _of_file(path: Path) -> Iterator[tuple[Key, str | None]]:
    try:
        for _line, message, _comments, context in extract("python", _as_python(path), keywords=KEYWORDS):
            text, plural = message if isinstance(message, tuple) else (message, None)
            yield Key(text, context), plural
    except (SyntaxError, UnicodeDecodeError) as error:
        raise Unreadable(path, error) from error


def _as_python(path: Path) -> IO[bytes]:
    if path.suffix == ".py":
        return BytesIO(path.read_bytes())
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return BytesIO(f"(\n{calls}\n)".encode())  # in brackets, where Python does not care for indentation
