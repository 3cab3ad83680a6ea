"""What goes into rounds: a campaign as it is planned, and the record of a visit as a phone sends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib.refusals import Refused


@dataclass(frozen=True, kw_only=True)
class NewCampaign:
    """See models.Campaign. `inspectors`: who goes, each with the area that is his part, or None."""

    title: str
    checklist: str
    source: str
    unit_id: int
    starts_on: date
    ends_on: date
    query: Mapping[str, str] = field(default_factory=dict)
    area_id: int | None = None
    unseen_days: int | None = None
    every: str = "once"
    sample: int | None = None
    random: bool = False
    people: int = 1
    per_day: int = 20
    counts_only: bool = False
    inspectors: Mapping[int, int | None] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where the phone was, in WGS-84, and how exactly it knew, in metres."""

    lon: float
    lat: float
    accuracy: float | None = None


@dataclass(frozen=True, kw_only=True)
class Recheck:
    """What was seen of a finding: whether it is right now."""

    right: bool
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Record:
    """A visit as it was recorded: one JSON document.

    `id` is made by whoever records; sent again, it is the same record. `visit` is the planned visit; without one,
    `subject` names what was met on the way ("register:key"). `checklist` and `version` say what was asked. `sent_at`
    is the phone's own time when it was sent: the difference to ours corrects `started_at` and `ended_at`.
    `rechecks` answers for findings, by their number. Photos come beside it, by the path of what they show:
    of a finding that is looked at again, `finding.17`.
    """

    id: UUID
    checklist: str
    version: int
    outcome: str
    started_at: datetime
    ended_at: datetime
    sent_at: datetime | None = None
    visit: UUID | None = None
    subject: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    rechecks: dict[int, Recheck] = field(default_factory=dict)
    mended: tuple[str, ...] = ()
    """Paths of findings that were put right while the inspector stood there."""
    position: Position | None = None
    no_position: str = ""
    second: int | None = None
    note: str = ""


def read_record(data: bytes) -> Record:
    """The record in a JSON document. Raises Refused where it is none."""
    try:
        return msgspec.json.decode(data, type=Record)
    except (msgspec.ValidationError, msgspec.DecodeError) as fault:
        raise Refused(
            field=_("record of a visit"), value=data[:60], reason=str(fault), remedy=_("Send it as it is documented")
        ) from fault
