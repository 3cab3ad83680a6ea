"""A place before it exists. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, kw_only=True)
class NewPlace:
    """A place to be created. `parent` is the code of a place that exists or is created along with it."""

    kind: str
    code: str
    name: str
    valid_from: date
    parent: str | None = None
    valid_to: date | None = None
    shape: BaseGeometry | None = None
    street: str = ""
    lane: str = ""
    number: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    synthetic: bool = False
