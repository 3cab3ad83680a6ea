"""What tests of rounds share. Not part of what runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from zhen.kernel.access.api import Actor
from zhen.kernel.files.api import File, store
from zhen.kernel.files.testing import an_image, an_upload
from zhen.kernel.lib import clock
from zhen.kernel.rounds.actions.visiting import record
from zhen.kernel.rounds.models import Visit
from zhen.kernel.rounds.queries.checklists import in_use
from zhen.kernel.rounds.values import Position, Record


def a_record(visit: Visit, /, **given: Any) -> Record:
    """The record of a visit that has just ended, with the checklist in use."""
    version = in_use(visit.checklist)
    now = clock.now()
    facts: dict[str, Any] = {
        "id": uuid4(),
        "visit": visit.pk,
        "checklist": visit.checklist,
        "version": version.number if version else 0,
        "outcome": "seen",
        "started_at": now - timedelta(minutes=10),
        "ended_at": now,
        "position": Position(lon=121.381, lat=31.241, accuracy=12),
    }
    return Record(**{**facts, **given})


def a_photo(actor: Actor, seed: int = 0) -> File:
    return store(actor, an_upload(an_image(seed=seed)))


def visited(actor: Actor, visit: Visit, photos: Mapping[str, Sequence[File]] | None = None, /, **given: Any) -> Visit:
    """The visit, recorded by the actor."""
    return record(actor, a_record(visit, **given), photos or {})
