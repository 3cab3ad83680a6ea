"""What the pages of internal control share."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Choice, Column, Fact, Filter, Kind, Tone

STATES = (
    Choice(value="draft", label=_("waiting for approval")),
    Choice(value="holds", label=_("in force")),
    Choice(value="ended", label=_("no longer in force")),
)


def state(row: Any) -> Chip:
    """How a dated rule stands today."""
    today = clock.today()
    if row.draft:
        return Chip(text=_("waiting for approval"), tone=Tone.BEHIND)
    if row.valid_to is not None and row.valid_to <= today:
        return Chip(text=_("no longer in force"))
    if row.valid_from > today:
        return Chip(text=_("to come"), tone=Tone.DUE_SOON)
    return Chip(text=_("in force"), tone=Tone.ON_TRACK)


def by_state(rows: Any, value: str) -> Any:
    if value == "draft":
        return rows.filter(draft=True)
    over = Q(valid_to__lte=clock.today())
    return rows.filter(over, draft=False) if value == "ended" else rows.filter(draft=False).exclude(over)


def period(row: Any) -> list[Fact]:
    return [
        Fact(label=_("from"), value=row.valid_from, kind=Kind.DATE),
        Fact(label=_("to"), value=row.valid_to, kind=Kind.DATE),
        Fact(label=_("source"), value=row.source),
        Fact(label=_("proposed by"), value=row.proposed_by, kind=Kind.PERSON),
        Fact(label=_("approved by"), value=row.approved_by, kind=Kind.PERSON),
    ]


def is_draft(_actor: Any, row: Any) -> bool:
    return bool(row.draft)


def holds_on(_actor: Any, row: Any) -> bool:
    return not row.draft and (row.valid_to is None or row.valid_to > clock.today())


STATE = Column(id="state", label=_("state"), value=state, kind=Kind.CHIP)
FROM = Column(id="from", label=_("from"), value="valid_from", kind=Kind.DATE, sort="valid_from")
SOURCE = Column(id="source", label=_("source"), value="source", width="wide")
BY_STATE = Filter(id="state", label=_("state"), apply=by_state, choices=STATES)
