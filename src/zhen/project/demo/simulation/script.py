"""The scripted day: a fire in a kitchen, a water leak, a battery that dies, a sensor that is wired wrongly. Pure.

Who plays follows from the seed, and so do the moments: two replays tell the same day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from random import Random

from zhen.project.demo.simulation.book import Book, Member

DAY = 24 * 60
KITCHEN = "厨房"


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The devices that play; each None where the town has no such device."""

    smoke: Member | None
    heat: Member | None
    leak: Member | None
    dying: Member | None
    miswired: Member | None

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(one.code for one in vars(self).values() if one is not None)


@dataclass(frozen=True, kw_only=True, order=True)
class Step:
    """At a minute of the day a device says something."""

    minute: float
    code: str
    says: tuple[tuple[str, float], ...]
    what: str = ""

    @property
    def metrics(self) -> Mapping[str, float]:
        return dict(self.says)


def cast(book: Book) -> Cast:
    chance = Random(book.seed)  # noqa: S311 a demo, not a secret
    members = [member for _hub, member in book.devices()]
    smoke = _one(chance, (one for one in members if one.profile == "fire.smoke" and KITCHEN in one.spot))
    heat = next((one for one in members if smoke and one.place == smoke.place and one.profile == "fire.heat"), None)
    return Cast(
        smoke=smoke,
        heat=heat,
        leak=_one(chance, (one for one in members if one.profile == "security.flooding")),
        dying=_one(chance, (one for one in members if one.profile == "fire.smoke" and one != smoke)),
        miswired=_one(chance, (one for one in members if one.profile == "fire.water_pressure")),
    )


def _one(chance: Random, members: Iterable[Member]) -> Member | None:
    found = sorted(members, key=lambda one: one.code)
    return chance.choice(found) if found else None


def steps(cast: Cast) -> list[Step]:
    """The whole day, in order of its minutes."""
    return sorted((*_kitchen(cast), *_leak(cast), *_battery(cast), *_wrong_wires(cast)))


def _kitchen(cast: Cast) -> Iterator[Step]:
    """11:20 oil catches fire; smoke first, then heat; at 12:20 it is out and the air is clear."""
    begins, ends = 11 * 60 + 20, 12 * 60 + 20
    if cast.smoke:
        for minute in range(begins, ends, 10):
            yield _says(minute, cast.smoke, "smoke in the kitchen", smoke=1, temperature=31)
        yield _says(ends, cast.smoke, "the air is clear", smoke=0, temperature=24)
    if cast.heat:
        for number, degrees in enumerate((38, 64, 88, 92, 70, 42), 1):
            yield _says(begins + 8 * number, cast.heat, f"{degrees} °C in the kitchen", temperature=degrees)
        yield _says(ends, cast.heat, "cooled down", temperature=25)


def _leak(cast: Cast) -> Iterator[Step]:
    """14:00 a pipe in a basement bursts; the water is 120 mm deep before it is pumped out at 18:00."""
    if cast.leak:
        for number, depth in enumerate((2, 12, 35, 64, 90, 120)):
            yield _says(14 * 60 + 20 * number, cast.leak, f"{depth} mm of water", wet=1, depth=depth)
        yield _says(18 * 60, cast.leak, "pumped out", wet=0, depth=0)


def _battery(cast: Cast) -> Iterator[Step]:
    """A battery goes from 42 to 6 % in the day: an alarm, but no case."""
    if cast.dying:
        for number in range(10):
            left = 42 - 4 * number
            yield _says(30 + 140 * number, cast.dying, f"battery {left} %", battery=left)


def _wrong_wires(cast: Cast) -> Iterator[Step]:
    """A pressure sensor in kPa where MPa are declared: outside of what is possible, and refused each time."""
    if cast.miswired:
        for hour in range(24):
            yield _says(60 * hour + 5, cast.miswired, "410 for 0.41 MPa", pressure_mpa=410 + hour)


def _says(minute: float, member: Member, what: str, **metrics: float) -> Step:
    return Step(minute=minute, code=member.code, says=tuple(metrics.items()), what=what)
