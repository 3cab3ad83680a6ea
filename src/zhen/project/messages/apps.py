"""The folders that own a catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ZHEN = Path(__file__).resolve().parents[2]
LOCALE = "zh_Hans"


@dataclass(frozen=True, kw_only=True)
class App:
    """One folder of sources and its catalogue."""

    name: str
    folder: Path

    @property
    def catalogue(self) -> Path:
        return self.folder / "locale" / LOCALE / "LC_MESSAGES" / "django.po"

    @property
    def compiled(self) -> Path:
        return self.catalogue.with_suffix(".mo")


def apps_of(zhen: Path = ZHEN) -> tuple[App, ...]:
    """Every app of the tree: each kernel module, gateway and pack, the faces, the project."""
    return tuple(App(name=folder.name, folder=folder) for folder in sorted(_folders(zhen)))


def _folders(zhen: Path) -> Iterator[Path]:
    for floor in ("kernel", "gateways", "packs"):
        yield from (path.parent for path in (zhen / floor).glob("*/__init__.py"))
    yield from (zhen / name for name in ("web", "project"))
