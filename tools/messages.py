"""Message catalogues without the gettext programs: `python tools/messages.py compile|update|check`.

    update    write every message of the sources into the catalogues, for translators
    compile   make the .mo files the program reads
    check     fail where a message of the sources is missing, untranslated or doubtful

A folder with a `locale` directory has its own catalogue for what lies in it, down to the next
folder that has one: a pack that is deleted takes its translations along.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).resolve().parents[1] / "src" / "zhen"
LANGUAGES = ("zh_Hans",)
SKIPPED = {"tests", "migrations", "assets", "static", "node_modules", "__pycache__", "locale"}

_PLURAL, _CONTEXT, _CONTEXT_PLURAL = (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "_n"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy", "_p"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}


@dataclass(frozen=True)
class Text:
    """A message as it stands in a source."""

    id: str | tuple[str, str]
    context: str | None
    file: Path
    line: int
    comments: tuple[str, ...] = ()


def main(arguments: list[str]) -> int:
    actions = {"compile": compile_all, "update": update_all, "check": check_all}
    if len(arguments) != 1 or arguments[0] not in actions:
        print(__doc__)
        return 2
    return actions[arguments[0]]()


def compile_all() -> int:
    for path in sorted(SOURCE.rglob("*.po")):
        with io.BytesIO() as compiled:
            write_mo(compiled, read(path))
            path.with_suffix(".mo").write_bytes(compiled.getvalue())
    return 0


def update_all() -> int:
    for folder in owners():
        texts = list(texts_of(folder))
        if not texts:
            continue
        for language in LANGUAGES:
            path = catalogue_path(folder, language)
            old = read(path) if path.exists() else Catalog(locale=language)
            new = Catalog(locale=language, project="zhen", fuzzy=False)
            for text in texts:
                known = old.get(text.id, text.context)
                new.add(
                    text.id,
                    known.string if known else None,
                    locations=[(str(text.file.relative_to(SOURCE)), 0)],
                    flags=known.flags if known else (),
                    auto_comments=text.comments,
                    user_comments=known.user_comments if known else (),
                    context=text.context,
                )
            write(path, new)
            print(f"{path.relative_to(SOURCE)}: {len(new)} messages, {sum(map(is_open, new))} to translate")
    return 0


def check_all() -> int:
    problems = []
    for folder in owners():
        for language in LANGUAGES:
            path = catalogue_path(folder, language)
            catalogue = read(path) if path.exists() else Catalog(locale=language)
            for text in texts_of(folder):
                message = catalogue.get(text.id, text.context)
                if message is None or is_open(message):
                    shown = text.id if isinstance(text.id, str) else text.id[0]
                    problems.append(f"{text.file.relative_to(SOURCE)}:{text.line}: no {language} for {shown!r}")
            problems += [
                f"{path.relative_to(SOURCE)}:{message.lineno}: {error}"
                for message in catalogue
                if message.id
                for error in placeholders_differ(message)
            ]
    print("\n".join(problems) or "every message is translated")
    return 1 if problems else 0


# -- catalogues


def owners() -> list[Path]:
    """The folders that have a catalogue of their own; the whole program is the last resort."""
    return sorted({SOURCE, *(path.parent for path in SOURCE.rglob("locale") if path.is_dir())})


def catalogue_path(folder: Path, language: str) -> Path:
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parts[-3], abort_invalid=True)


def write(path: Path, catalogue: Catalog) -> None:
    with io.BytesIO() as text:
        write_po(text, catalogue, width=100, sort_output=True, omit_header=False, ignore_obsolete=True)
        # Dates in the header would make every update a conflict.
        lines = [
            line
            for line in text.getvalue().decode().splitlines()
            if not re.match(
                r'"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By'
                r"|Report-Msgid-Bugs-To|Project-Id-Version)",
                line,
            )
            and not line.startswith(("# ", "#\n"))
        ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines).lstrip("#\n") + "\n", encoding="utf-8")


def is_open(message: Message) -> bool:
    if not message.id:
        return False
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return message.fuzzy or not all(strings)


def placeholders_differ(message: Message) -> Iterator[str]:
    """A translation must fill the same places, or showing it fails."""
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    wanted = set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", ids[-1]))
    for string in strings:
        if string and not set(re.findall(r"%\(\w+\)[sd]|\{\w*\}", string)) <= wanted:
            yield f"{string!r} has places that {ids[-1]!r} does not fill"


# -- sources


def texts_of(folder: Path) -> Iterator[Text]:
    for path in files_of(folder):
        if path.suffix == ".py":
            yield from in_python(path)
        else:
            yield from in_template(path)


def files_of(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir() and path.name not in SKIPPED and not (path / "locale").is_dir():
            yield from files_of(path)
        elif path.suffix in {".py", ".html", ".txt"} and not path.name.startswith("test_"):
            yield path


def in_python(path: Path) -> Iterator[Text]:
    with path.open("rb") as file:
        for line, found, comments, context in extract("python", file, KEYWORDS, ("Translators:",)):
            yield Text(
                id=found if isinstance(found, str) else (found[0], found[1]),
                context=context,
                file=path,
                line=line,
                comments=tuple(comments),
            )


_CALL = re.compile(
    r"(?<!\w)(_|gettext|ngettext|pgettext|npgettext)\(((?:u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")[, ]*)+)"
)


def in_template(path: Path) -> Iterator[Text]:
    """Django itself rewrites a template into calls; they are read from there."""
    from django.utils.translation.template import templatize

    source = path.read_text(encoding="utf-8")
    if "trans" not in source and "_(" not in source:
        return
    for number, line in enumerate(templatize(source, origin=str(path)).splitlines(), start=1):
        for call in _CALL.finditer(line):
            words = [str(word) for word in ast.literal_eval(f"[{call[2]}]")]
            context = words.pop(0) if call[1] in {"pgettext", "npgettext"} else None
            plural = call[1] in {"ngettext", "npgettext"}
            yield Text(id=(words[0], words[1]) if plural else words[0], context=context, file=path, line=number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
