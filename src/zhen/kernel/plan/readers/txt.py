"""Plain text in UTF-8, UTF-16 or GB 18030. The characters stay as they are, line ends included."""

from __future__ import annotations

import codecs

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan.readers.source import FIELD, Block


def blocks(data: bytes, file_name: str) -> tuple[str, tuple[Block, ...]]:
    return with_lines(decode(data, file_name))


def with_lines(text: str) -> tuple[str, tuple[Block, ...]]:
    """The text with a block for each line that is not blank."""
    found: list[Block] = []
    position = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        if line.strip():
            found.append(Block(position, position + len(line.rstrip("\r\n")), f"line {number}"))
        position += len(line)
    return text, tuple(found)


_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(data: bytes, file_name: str, declared: str | None = None) -> str:
    """The characters. UTF-8 is strict, so it is tried first; otherwise Chinese offices write GB 18030."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strict(data, (encoding,), file_name)
    return _strict(data, tuple(dict.fromkeys(filter(None, (declared, "utf-8", "gb18030")))), file_name)


def _strict(data: bytes, encodings: tuple[str, ...], file_name: str) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    raise Refused(
        field=FIELD,
        value=file_name,
        reason=_("its characters are in an unknown encoding or damaged"),
        remedy=_("Save the text as UTF-8"),
    )
