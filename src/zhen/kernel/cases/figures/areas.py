"""In which precinct and neighbourhood each area lay on each day: figures follow the boundaries of their day."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from zhen.kernel.access.api import Actor
from zhen.kernel.places import api as places

LEVELS = places.AREAS
Chart = Mapping[int, tuple[int | None, ...]]
"""For each area those of LEVELS in which it lies (or which it is)."""


@dataclass(frozen=True)
class Atlas:
    """The area tree of every day: it changes on `starts`, and `charts` tell how it is from then on."""

    starts: tuple[date, ...]
    charts: tuple[Chart, ...]

    def on(self, day: date) -> Chart:
        position = bisect_right(self.starts, day) - 1
        return self.charts[position] if position >= 0 else {}

    def within(self, area: int, day: date) -> list[int]:
        """The areas that lie in an area on a day, with itself; one that was merged lies in what it became."""
        return sorted(one for one, above in self.on(day).items() if area in above)

    def above(self, area: int, level: str, day: date) -> int | None:
        found = self.on(day).get(area)
        return found[LEVELS.index(places.Kind(level))] if found else None


_lock = Lock()
_held: tuple[int, Atlas] | None = None


def atlas() -> Atlas:
    """The atlas as it stands: one query, a few more when areas have changed."""
    global _held
    edition = places.edition()
    held = _held
    if held is None or held[0] != edition:
        with _lock:
            held = _held = (edition, _draw())
    return held[1]


def _draw() -> Atlas:
    versions = places.history_of_kind(Actor.system("cases.figures"), *places.AREAS)
    rows = list(versions.values_list("place_id", "valid_from", "valid_to"))
    days = sorted({day for _place, start, end in rows for day in (start, end) if day is not None})
    areas = sorted({row[0] for row in rows})
    facts = [places.Fact(day=day, place=area) for day in days for area in areas]
    levels = [places.areas_of_facts(facts, level) for level in LEVELS]
    starts: list[date] = []
    charts: list[Chart] = []
    for number, day in enumerate(days):
        at = number * len(areas)
        chart = {area: tuple(level[at + n] for level in levels) for n, area in enumerate(areas)}
        if not charts or chart != charts[-1]:
            starts.append(day)
            charts.append(chart)
    return Atlas(tuple(starts), tuple(charts))
