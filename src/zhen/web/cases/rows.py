"""A case as one row of a list, on every page that lists some."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from zhen.kernel.cases.api import CASE_TYPES, SOON, Case, State
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Tone
from zhen.kernel.places.api import names_at


@dataclass(frozen=True, kw_only=True)
class Row:
    case: Case
    url: str
    state: State
    tone: Tone
    due: str
    area: str


def rows_of(cases: Iterable[Case], now: datetime) -> list[Row]:
    """One query, for the names of the areas."""
    shown = list(cases)
    areas = {case.area_id for case in shown if case.area_id is not None}
    names = names_at(areas, now.astimezone(clock.TOWN_ZONE).date()) if areas else {}
    return [
        Row(
            case=case,
            url=url_of(case),
            state=CASE_TYPES[case.type].state(case.state),
            tone=tone_of(case.due_at, now),
            due=due_words(case.due_at, now),
            area=names.get(case.area_id or 0, ""),
        )
        for case in shown
    ]


def url_of(case: Case) -> str:
    return reverse("cases:case", kwargs={"number": case.number})


def tone_of(due: datetime | None, now: datetime, *, whole: bool = True) -> Tone:
    """How a date stands: a stage that has run out is behind, the case as a whole is overdue."""
    if due is None:
        return Tone.NEUTRAL
    if due < now:
        return Tone.OVERDUE if whole else Tone.BEHIND
    return Tone.DUE_SOON if due < now + SOON else Tone.ON_TRACK


def due_words(due: datetime | None, now: datetime) -> str:
    """How long there is, or since when it is late, as people say it."""
    if due is None:
        return ""
    span = _span(abs(due - now))
    return (_("{span} late") if due < now else _("{span} left")).format(span=span)


def _span(span: timedelta) -> str:
    minutes = int(span.total_seconds()) // 60
    if minutes < 60:
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    if minutes < 48 * 60:
        return ngettext("{n} hour", "{n} hours", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} day", "{n} days", minutes // 1440).format(n=minutes // 1440)
