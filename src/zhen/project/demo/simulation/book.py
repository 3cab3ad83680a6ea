"""What the simulator knows: gateways with their secrets, the devices behind them, what each kind measures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

FILE = "demo-devices.json"


@dataclass(frozen=True, slots=True)
class Member:
    """A device behind a gateway. `metrics` are the codes of what it measures."""

    code: str
    profile: str
    place: str
    spot: str


@dataclass(frozen=True, slots=True)
class Hub:
    """A gateway: it signs in, and speaks for its members and for itself."""

    code: str
    profile: str
    secret: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Range:
    """What a metric can be. A flag is 0 or 1."""

    low: float
    high: float
    flag: bool


@dataclass(frozen=True, slots=True)
class Book:
    seed: int
    hubs: tuple[Hub, ...]
    profiles: Mapping[str, Mapping[str, Range]]
    told: frozenset[str] = frozenset()
    """The profiles whose devices can be told to do something."""

    def devices(self) -> Iterator[tuple[Hub, Member]]:
        for hub in self.hubs:
            yield hub, Member(hub.code, hub.profile, "", "")
            for member in hub.members:
                yield hub, member


def written(book: Book) -> str:
    return json.dumps(
        {
            "seed": book.seed,
            "hubs": [
                [
                    hub.code,
                    hub.profile,
                    hub.secret,
                    [[one.code, one.profile, one.place, one.spot] for one in hub.members],
                ]
                for hub in book.hubs
            ],
            "profiles": {
                profile: {code: astuple(one) for code, one in metrics.items()}
                for profile, metrics in book.profiles.items()
            },
            "told": sorted(book.told),
        },
        ensure_ascii=False,
    )


def read(home: Path) -> Book | None:
    """The book of a data home; None where no demo was built there."""
    try:
        given = json.loads((home / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Book(
        given["seed"],
        tuple(
            Hub(code, profile, secret, tuple(Member(*member) for member in members))
            for code, profile, secret, members in given["hubs"]
        ),
        {
            profile: {code: Range(*metric) for code, metric in metrics.items()}
            for profile, metrics in given["profiles"].items()
        },
        frozenset(given.get("told", ())),
    )
