"""What goes into the engine's actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from zhen.kernel.cases.models import Category
from zhen.kernel.files.api import File


@dataclass(frozen=True, kw_only=True)
class NewReporter:
    """Who reports. Without a name and a phone he is anonymous; `secret` lets him follow the case by its number."""

    secret: str
    name: str = ""
    phone: str = ""
    email: str = ""
    user_id: int | None = None
    language: str = "zh-hans"
    wants_answer: bool = True

    @property
    def anonymous(self) -> bool:
        return not (self.name or self.phone or self.email or self.user_id)

    @property
    def reachable(self) -> bool:
        """Whether anybody can contact him. A name alone says not where."""
        return bool(self.phone or self.email or self.user_id)


@dataclass(frozen=True, kw_only=True)
class NewCase:
    """What is known when a case is received.

    `point` is (longitude, latitude) in WGS-84; the area is found from it unless given. `source` and `source_ref` name a
    number at another system: the same pair gives the same case again, never a second one. `received_at` is for what
    was received elsewhere earlier.
    """

    title: str
    text: str = ""
    category: Category | None = None
    point: tuple[float, float] | None = None
    area_id: int | None = None
    place_id: int | None = None
    address: str = ""
    source: str = "staff"
    source_ref: str = ""
    urgent: bool = False
    visible: bool | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    reporter: NewReporter | None = None
    files: tuple[File, ...] = ()
    unit_id: int | None = None
    person_id: int | None = None
    parent_id: int | None = None
    received_at: datetime | None = None
    limits: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Limits of this one case, by deadline: (amount, unit of time). They win over the town's rows."""


@dataclass(frozen=True, kw_only=True)
class Move:
    """What somebody gives along with a step; the transition's `needs` say what it must be."""

    reason: str = ""
    category: Category | None = None
    unit_id: int | None = None
    shared_units: tuple[int, ...] | None = None
    person_id: int | None = None
    outcome: str = ""
    result: str = ""
    answer: str = ""
    until: datetime | None = None
    rating: int | None = None
    files: tuple[File, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
