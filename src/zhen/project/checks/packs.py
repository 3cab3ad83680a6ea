"""Where the packs in use lie, known before any of them is imported."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings

from zhen.project.messages.apps import App, apps_of


@dataclass(frozen=True, kw_only=True)
class Folder:
    """A Python package on disk: zhen.packs.fire and where it lies."""

    package: str
    path: Path

    @property
    def name(self) -> str:
        return self.package.rpartition(".")[2]


def pack_folders() -> tuple[Folder, ...]:
    return tuple(Folder(package=package, path=folder_of(package)) for package in settings.ZHEN_PACKS)


def folder_of(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise LookupError(f"{package} is no package that can be imported; see the setting ZHEN_PACKS")
    return Path(next(iter(spec.submodule_search_locations)))


def all_apps() -> tuple[App, ...]:
    """Every app with messages: those of the tree, and packs that lie elsewhere."""
    known = apps_of()
    inside = {app.folder for app in known}
    others = (App(name=folder.name, folder=folder.path) for folder in pack_folders() if folder.path not in inside)
    return (*known, *others)
