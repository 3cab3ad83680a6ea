"""The name that a file is shown with: what its sender called it, made harmless."""

from __future__ import annotations

import re
import unicodedata

from zhen.kernel.files.kinds import Kind

LONGEST = 100
_FORBIDDEN = re.compile(r'[\\/:*?"<>|]')


def clean_name(given: str, kind: Kind) -> str:
    """Without folders, control and direction characters, at most LONGEST long, and with the kind's own ending.

    clean_name("C:\\\\photos\\\\IMG\\u202egpj.exe", Kind.JPEG) == "IMGgpj.jpg"
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", given))[-1]
    shown = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C" or letter == " ")
    stem, dot, _ending = shown.rpartition(".")
    stem = " ".join(_FORBIDDEN.sub(" ", stem if dot else shown).split()).strip(". ")
    return f"{stem[:LONGEST] or kind.value}.{kind.extension}"
