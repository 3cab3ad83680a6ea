"""A storage of its own for each test, and people with and without the rights of this module."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import LazySettings

from zhen.kernel.access.api import Actor, ActorKind, grants_of

CLERK = Actor(kind=ActorKind.USER, id=3, name="Cleo", grants=grants_of(("unit_clerk",)))
HEAD = Actor(kind=ActorKind.USER, id=4, name="Hugo", grants=grants_of(("unit_head",)))
STRANGER = Actor(kind=ActorKind.USER, id=5, name="Charlie")
RESIDENT = Actor.anonymous()


@pytest.fixture(autouse=True)
def place(settings: LazySettings, tmp_path: Path) -> Path:
    """Where contents lie in this test."""
    files = {"BACKEND": "zhen.kernel.files.storage.ContentStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "files": files}
    return tmp_path


def contents(place: Path) -> list[str]:
    return sorted(str(path.relative_to(place)) for path in place.rglob("*") if path.is_file())
