"""Catalogues on disk: read with Babel, written in one fixed form that merges well."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, normalize, read_po

from zhen.project.messages.apps import LOCALE
from zhen.project.messages.extract import Key, Message, Unreadable

HEADER = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)  # the same sources compile to the same bytes


def read(path: Path) -> Catalog:
    """The catalogue at `path`; an empty one where there is none yet."""
    if not path.exists():
        return Catalog(locale=LOCALE, fuzzy=False)
    try:
        with path.open("rb") as file:
            return read_po(file, locale=LOCALE, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        raise Unreadable(path, error) from error


def translations(catalog: Catalog) -> dict[Key, str]:
    """Every entry's Chinese text; empty where it is missing or only guessed (fuzzy)."""
    return {_key(entry.id, entry.context): "" if entry.fuzzy else _text(entry.string) for entry in catalog if entry.id}


def write(path: Path, messages: Mapping[Key, Message], chinese: Mapping[Key, str]) -> None:
    """Write exactly `messages`, sorted by their text, with the translations that are known."""
    blocks = [HEADER]
    for key in sorted(messages, key=lambda key: (key.text, key.context or "")):
        message = messages[key]
        lines = [f"#: {file}" for file in sorted(message.files)]
        if key.context is not None:
            lines.append(f"msgctxt {normalize(key.context)}")
        lines.append(f"msgid {normalize(key.text)}")
        if message.plural is not None:
            lines.append(f"msgid_plural {normalize(message.plural)}")
        lines.append(f"{'msgstr' if message.plural is None else 'msgstr[0]'} {normalize(chinese.get(key, ''))}")
        blocks.append("\n".join(lines) + "\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(blocks), encoding="utf-8")


def compile_to(path: Path, catalog: Catalog) -> bool:
    """Write the form that gettext reads; whether anything changed."""
    catalog.creation_date = catalog.revision_date = _EPOCH
    buffer = BytesIO()
    write_mo(buffer, catalog)
    if path.exists() and path.read_bytes() == buffer.getvalue():
        return False
    temporary = path.with_suffix(".mo.new")
    temporary.write_bytes(buffer.getvalue())
    temporary.replace(path)
    return True


def _key(id: str | list[str] | tuple[str, ...], context: str | None) -> Key:
    return Key(id if isinstance(id, str) else id[0], context)


def _text(string: str | list[str] | tuple[str, ...] | None) -> str:
    return (string if isinstance(string, str) else string[0] if string else "") or ""
