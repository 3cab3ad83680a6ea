"""Word documents: paragraphs and tables in the order of the page; automatic numbering is written out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan.readers.source import FIELD, Block

MAX_UNPACKED = 200 * 1024 * 1024


def blocks(data: bytes, file_name: str) -> tuple[str, tuple[Block, ...]]:
    document = _open(data, file_name)
    lines: list[str] = []
    found: list[Block] = []
    position = 0
    for where, line in _lines(document):
        lines.append(line)
        found.append(Block(position, position + len(line), where))
        position += len(line) + 1
    return "\n".join(lines), tuple(found)


def _open(data: bytes, file_name: str) -> Any:
    import docx

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            known = "word/document.xml" in archive.namelist()
        if size > MAX_UNPACKED:
            raise Refused(
                field=FIELD,
                value=file_name,
                reason=_("it unpacks to more than 200 MB"),
                remedy=_("Save the text without pictures"),
            )
        if not known:
            raise Refused(
                field=FIELD,
                value=file_name,
                reason=_("it is an archive but not a Word document"),
                remedy=_("Save it as .docx, .pdf, .html or .txt"),
            )
        return docx.Document(io.BytesIO(data))
    except Refused:
        raise
    except Exception as fault:
        raise Refused(
            field=FIELD,
            value=file_name,
            reason=_("the Word document is damaged"),
            remedy=_("Open it in a word processor and save it again"),
        ) from fault


def _lines(document: Any) -> Iterator[tuple[str, str]]:
    from docx.table import Table

    counters: dict[tuple[str, str], int] = {}
    paragraph = table = 0
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            table += 1
            for number, row in enumerate(item.rows, 1):
                cells = [cell.text.strip().replace("\n", " ") for cell in _distinct(row.cells)]
                if any(cells):
                    yield f"table {table}, row {number}", "\t".join(cells)
            continue
        paragraph += 1
        text = item.text.replace("\n", " ")
        if text.strip():
            yield f"paragraph {paragraph}", _number(document, item, counters) + text


def _distinct(cells: Any) -> Iterator[Any]:
    """Each merged cell once: python-docx gives it for every column that it spans."""
    seen: set[int] = set()
    for cell in cells:
        if id(cell._tc) not in seen:
            seen.add(id(cell._tc))
            yield cell


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = (
    "chineseCounting",
    "chineseCountingThousand",
    "ideographDigital",
    "japaneseCounting",
    "taiwaneseCountingThousand",
)


def _number(document: Any, paragraph: Any, counters: dict[tuple[str, str], int]) -> str:
    """The number that Word draws before a paragraph but does not keep in its text: 一、 or （二） or 3."""
    properties = paragraph._p.pPr
    numbering = properties.numPr if properties is not None else None
    if numbering is None or numbering.numId is None or numbering.numId.val in (None, 0):
        return ""
    list_id, level = str(numbering.numId.val), str(numbering.ilvl.val if numbering.ilvl is not None else 0)
    form = _form(document, list_id, level)
    if form is None or form[0] in ("bullet", "none"):
        return ""
    key = (list_id, level)
    counters[key] = counters.get(key, form[2] - 1) + 1
    for other in [k for k in counters if k[0] == list_id and int(k[1]) > int(level)]:
        del counters[other]
    pattern, number = form[1], counters[key]
    written = _chinese(number) if form[0] in _CHINESE else str(number)
    return pattern.replace(f"%{int(level) + 1}", written) if "%" in pattern else ""


def _form(document: Any, list_id: str, level: str) -> tuple[str, str, int] | None:
    """Number format, pattern ("%1、") and first number of a list level."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):
        return None
    number = next((n for n in root.iter(f"{_W}num") if n.get(f"{_W}numId") == list_id), None)
    abstract_id = None if number is None else number.find(f"{_W}abstractNumId")
    if abstract_id is None:
        return None
    for abstract in root.iter(f"{_W}abstractNum"):
        if abstract.get(f"{_W}abstractNumId") != abstract_id.get(f"{_W}val"):
            continue
        for entry in abstract.iter(f"{_W}lvl"):
            if entry.get(f"{_W}ilvl") == level:
                return (
                    _value(entry, "numFmt", "decimal"),
                    _value(entry, "lvlText", ""),
                    int(_value(entry, "start", "1")),
                )
    return None


def _value(entry: Any, name: str, otherwise: str) -> str:
    child = entry.find(f"{_W}{name}")
    return otherwise if child is None else child.get(f"{_W}val", otherwise)


def _chinese(number: int) -> str:
    """Numbers of headings, up to 99: 二十一."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if not 1 <= number <= 99:
        return str(number)
    return ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + (digits[ones] if ones else "")
