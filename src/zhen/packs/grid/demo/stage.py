"""Who plays in the demo's reports, where they happen, and when people work."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib.resources import files
from random import Random

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Category, Rulebook, rulebook
from zhen.kernel.identity.api import actor_for, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.places.api import Kind, PlaceVersion, versions_on
from zhen.packs.grid import rights

DAYS = 120
BUSY, BUSY_SHARE = 40, 0.4
"""So many buildings see so much of what happens: a town without hot spots would teach nothing."""
ROUNDS_SHARE = 0.5
"""So much lies in the areas of grid workers, so that their rounds lead somewhere."""


@dataclass(frozen=True, kw_only=True)
class Sample:
    code: str
    title: str
    text: str
    result: str
    weight: int


def samples() -> list[Sample]:
    text = (files("zhen.packs.grid.demo") / "samples.csv").read_text(encoding="utf-8")
    return [Sample(**{**row, "weight": int(row["weight"])}) for row in csv.DictReader(text.splitlines())]  # type: ignore[arg-type]


@dataclass(frozen=True, kw_only=True)
class Stage:
    now: datetime
    chance: Random
    book: Rulebook
    samples: Sequence[Sample]
    categories: Mapping[str, Category]
    buildings: Sequence[PlaceVersion]
    busy: Sequence[PlaceVersion]
    walked: Sequence[PlaceVersion]
    dispatcher: Actor
    handlers: Mapping[int, Sequence[Actor]]
    """By unit: those who may handle what lies with it."""
    workers: Sequence[Actor]
    """Grid workers: each reaches an area."""

    @classmethod
    def of(cls, now: datetime, seed: int) -> Stage | None:
        """The stage as the town is staffed; None where nobody dispatches or nobody handles."""
        day = now.astimezone(clock.TOWN_ZONE).date()
        people = [post.user for post in posts_on(day).select_related("user").order_by("user_id")]
        actors = [actor_for(user, day=day) for user in dict.fromkeys(people)]
        dispatchers = [actor for actor in actors if actor.may(rights.DISPATCH)]
        handlers: dict[int, list[Actor]] = {}
        for actor in actors:
            for grant in actor.grants_for(rights.HANDLE):
                for unit in sorted(grant.units or ()):
                    handlers.setdefault(unit, []).append(actor)
        chance = Random(seed)  # noqa: S311 a demo, not a secret
        buildings = list(versions_on(day, Kind.BUILDING).filter(lon__isnull=False).order_by("place__code"))
        if not dispatchers or not handlers or not buildings:
            return None
        book = rulebook()
        workers = [actor for actor in actors if actor.holds("grid_worker")]
        areas = {area for worker in workers for grant in worker.grants_for(rights.VERIFY) for area in grant.areas or ()}
        return cls(
            now=now,
            chance=chance,
            book=book,
            samples=samples(),
            categories={code: row for (scheme, code), row in book.by_code.items() if scheme == "grid"},
            buildings=buildings,
            busy=chance.sample(buildings, min(BUSY, len(buildings))),
            walked=[building for building in buildings if building.parent_id in areas],
            dispatcher=dispatchers[0],
            handlers=handlers,
            workers=workers,
        )

    def moments(self, number: int) -> Iterator[datetime]:
        """When reports come in, in order: by day, and most of them lately, so that there is work on every desk."""
        found: list[datetime] = []
        while len(found) < number:
            back = DAYS * self.chance.random() ** 3
            at = self.now - timedelta(days=back)
            hour = at.astimezone(clock.TOWN_ZONE).hour
            if self.chance.random() < (0.9 if 7 <= hour < 21 else 0.12):
                found.append(at.replace(microsecond=0))
        yield from sorted(found)

    def somewhere(self) -> PlaceVersion:
        if self.walked and self.chance.random() < ROUNDS_SHARE:
            return self.chance.choice(self.walked)
        return self.chance.choice(self.busy if self.chance.random() < BUSY_SHARE else self.buildings)

    def sample(self) -> Sample:
        (found,) = self.chance.choices(self.samples, [one.weight for one in self.samples])
        return found

    def worker_of(self, area_id: int | None) -> Actor | None:
        """The grid worker whose area a case lies in."""
        for worker in self.workers:
            if any(grant.areas is not None and area_id in grant.areas for grant in worker.grants_for(rights.VERIFY)):
                return worker
        return None

    def at_work(self, at: datetime) -> datetime:
        """The moment, or the first one after it at which the town's offices are open."""
        while not self.book.is_open(at):
            local = at.astimezone(clock.TOWN_ZONE)
            opens = min((start for start, _ in self.book.calendar.hours.periods if start > local.time()), default=None)
            day = local.date() if opens is not None else local.date() + timedelta(days=1)
            start = datetime.combine(day, opens or time(), clock.TOWN_ZONE)
            at = start + (timedelta(minutes=self.chance.randint(1, 50)) if opens is not None else timedelta())
        return at
