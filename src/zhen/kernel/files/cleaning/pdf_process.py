"""The process that cleans one PDF: `python -m zhen.kernel.files.cleaning.pdf_process GIVEN KEPT`.

It imports nothing of Django. Its exit status is its answer.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path
from typing import Any

LOCKED, SIGNED, UNREADABLE = 3, 4, 5
CPU_SECONDS = 20
MEMORY = 1 << 30
MOST_PAGES = 2_000
MOST_WRITTEN = 64 << 20


def main(given: str, kept: str) -> int:
    _limit()
    from pypdf import PdfReader, PdfWriter
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(given)
        if reader.is_encrypted and not reader.decrypt(""):
            return LOCKED
        if not 0 < len(reader.pages) <= MOST_PAGES:
            return UNREADABLE
        if _signed(reader.root_object):
            return SIGNED
        _strip(reader)  # before it is copied: only what is still referred to is
        writer = PdfWriter(clone_from=reader)
        writer.metadata = None
        with Path(kept).open("wb") as file:
            writer.write(file)
    except (PyPdfError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError, OSError):
        return UNREADABLE
    except (RecursionError, MemoryError, NotImplementedError, AssertionError):
        return UNREADABLE
    return 0


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    if sys.platform == "linux":  # elsewhere the system counts what it has only promised
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _signed(root: Any) -> bool:
    """Whether a signature stands in it: any change would break that (ISO 32000-1, 12.8 and table 219)."""
    form = root.get("/AcroForm")
    flags = form.get_object().get("/SigFlags", 0) if form is not None else 0
    return bool(int(flags) & 1) or "/Perms" in root


def _strip(reader: Any) -> None:
    """Take out who made it with what, what it runs when it is opened, and files enclosed in it."""
    root = reader.root_object
    for name in ("/Metadata", "/OpenAction", "/AA", "/PieceInfo"):
        root.pop(name, None)
    names = root.get("/Names")
    if names is not None:
        for name in ("/JavaScript", "/EmbeddedFiles"):
            names.get_object().pop(name, None)
    for page in reader.pages:
        for name in ("/Metadata", "/AA", "/PieceInfo"):
            page.pop(name, None)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
