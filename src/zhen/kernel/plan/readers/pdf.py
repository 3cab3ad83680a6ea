"""PDF: the text of each page; lines that a page merely wrapped are joined again."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from zhen.kernel.lib.refusals import Refused
from zhen.kernel.plan.readers.source import FIELD, Block

MAX_PAGES = 1000

_PAGE_NUMBER = re.compile(r"\s*[—–-]?\s*\d{1,4}\s*[—–-]?\s*")
# A line that opens a paragraph of its own: indented, or numbered 一、（一）1. 第一章.
_OPENS = re.compile(
    r"[\s\u3000]{2,}|第[一二三四五六七八九十百\d]+[篇章节条]|[一二三四五六七八九十]{1,3}、"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.、．]\D"
)
_CLOSES = re.compile(r"[。！？：；:;!?”」』）)]\s*$")
_WIDE = 0.8  # a line shorter than this part of the widest ends its paragraph


def blocks(data: bytes, file_name: str) -> tuple[str, tuple[Block, ...]]:
    text: list[str] = []
    found: list[Block] = []
    position = 0
    for number, page in enumerate(_pages(data, file_name), 1):
        for paragraph in _paragraphs(page):
            text.append(paragraph)
            found.append(Block(position, position + len(paragraph), f"page {number}"))
            position += len(paragraph) + 1
    return "\n".join(text), tuple(found)


def _pages(data: bytes, file_name: str) -> list[str]:
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused(
                field=FIELD,
                value=file_name,
                reason=_("the PDF is locked with a password"),
                remedy=_("Save it without a password"),
            )
        if len(reader.pages) > MAX_PAGES:
            raise Refused(
                field=FIELD,
                value=file_name,
                reason=_("it has more than 1,000 pages"),
                remedy=_("Import the plan without its annexes"),
            )
        return [page.extract_text() for page in reader.pages]
    except Refused:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as fault:
        # pypdf meets damaged files with all of these.
        raise Refused(
            field=FIELD,
            value=file_name,
            reason=_("the PDF is damaged or of an unknown kind"),
            remedy=_("Print it to a new PDF, or import the .docx"),
        ) from fault


def _paragraphs(page: str) -> Iterator[str]:
    lines = [line.rstrip() for line in page.split("\n") if line.strip() and not _PAGE_NUMBER.fullmatch(line)]
    widest = max((len(line) for line in lines), default=0)
    held = ""
    for line in lines:
        if held and (_OPENS.match(line)):
            yield held.strip()
            held = ""
        held += line.strip() if held else line
        if (len(line) < widest * _WIDE and _CLOSES.search(line)) or len(line) < widest * 0.5:
            yield held.strip()
            held = ""
    if held:
        yield held.strip()
