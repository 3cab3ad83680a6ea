"""Papers as PDF: a typst template and its content, in a font that has Chinese."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Refused

FAMILIES = (
    "Noto Serif SC",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "FangSong",
    "STFangsong",
    "SimSun",
    "Noto Sans CJK SC",
)


def typeset(template: Path, content: Mapping[str, Any], images: Mapping[str, bytes] | None = None) -> bytes:
    """The PDF that a template makes of its content.

    The template reads content.json beside it; `font` in it is the family to use. `images` lie there by their names.
    The font is the bundled one, or the system's; without either it is refused with the remedy.
    """
    import typst

    fonts = font_paths()
    families = {font.family for font in typst.Fonts(font_paths=fonts).fonts()}
    family = family_among(families)
    with tempfile.TemporaryDirectory(prefix="zhen-paper-") as folder:
        source = Path(folder) / template.name
        shutil.copy(template, source)
        written = json.dumps({**content, "font": family}, ensure_ascii=False)
        (Path(folder) / "content.json").write_text(written, encoding="utf-8")
        for name, image in (images or {}).items():
            (Path(folder) / name).write_bytes(image)
        made = typst.compile(str(source), font_paths=fonts, root=folder)
    assert isinstance(made, bytes)
    return made


def family_among(families: Collection[str]) -> str:
    """The best of them for Chinese. Raises Refused where none has it."""
    family = next((name for name in FAMILIES if name in families), None)
    if family is None:
        raise Refused(
            field=_("font"),
            value=", ".join(FAMILIES[:2]),
            reason=_("no font for Chinese documents is installed"),
            remedy=_("Build the assets with “make setup”, or install the package fonts-noto-cjk"),
        )
    return family


def font_paths() -> list[str]:
    """Where the fonts for documents lie: built from the assets, or what ZHEN_FONTS names."""
    folders = [os.environ.get("ZHEN_FONTS", ""), str(getattr(settings, "ZHEN_DOCUMENT_FONTS", ""))]
    return [folder for folder in folders if folder and Path(folder).is_dir()]
