"""PDF documents: written anew in a process of their own, with limits on its memory and time.

The format is a language with its own compressions and cross-references, and a document can be made so that
reading it takes for ever. Nothing of ours depends on what that process does.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.utils.translation import gettext as _

from zhen.kernel.files.cleaning import pdf_process
from zhen.kernel.files.cleaning.values import Cleaned, Unusable, spool

PATIENCE = 30.0
"""Seconds, of which the process may compute `pdf_process.CPU_SECONDS`."""


def clean(source: IO[bytes]) -> Cleaned:
    """The document without metadata, scripts and enclosed files; a signed one as it is. Raises Unusable."""
    with NamedTemporaryFile(suffix=".pdf") as given, NamedTemporaryFile(suffix=".pdf") as kept:
        source.seek(0)
        shutil.copyfileobj(source, given)
        given.flush()
        status = _run(given.name, kept.name)
        if status == pdf_process.LOCKED:
            raise Unusable(_("the PDF is locked with a password"), _("Save it without a password, and send that"))
        if status == pdf_process.SIGNED:
            return _spooled(Path(given.name))
        if status != 0:
            raise Unusable(
                _("the PDF is damaged, or too involved to be read"), _("Print it into a new PDF, and send that")
            )
        return _spooled(Path(kept.name))


def _run(given: str, kept: str) -> int | None:
    command = (sys.executable, "-m", pdf_process.__name__, given, kept)
    try:
        done = subprocess.run(  # noqa: S603 our own module, on two names of our own
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        return None
    return done.returncode


def _spooled(path: Path) -> Cleaned:
    content = spool()
    with path.open("rb") as file:
        shutil.copyfileobj(file, content)
    content.seek(0)
    return Cleaned(content=content)
