"""A work order as it comes in, and the answer as it goes out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

ANSWER_DAYS = (1, 5, 15)
"""Within how many working days the Shanghai hotline asks for an answer, by the type of the order."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """`ref` is its number at the sender. `class_code` and `area_code` are codes of the town's own tables."""

    ref: str
    title: str
    text: str = ""
    answer_days: int = 15
    class_code: str = ""
    area_code: str = ""
    address: str = ""
    point: tuple[float, float] | None = None
    name: str = ""
    phone: str = ""
    urgent: bool = False
    received_at: datetime | None = None


class Taken(StrEnum):
    """What became of an order."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What whoever handled it writes for the sender, beyond what the case itself knows."""

    demand: str
    facts: str
    site_visit: bool
    responsible: str = ""
    not_contacted: str = ""
    publish: bool = False
