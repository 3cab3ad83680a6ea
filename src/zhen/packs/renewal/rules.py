"""What is enough consent, how far works are, and when milestones are due. No clock, no database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from zhen.packs.renewal.kinds import KINDS, Kind, Step

HUNDRED = Decimal(100)


@dataclass(frozen=True, kw_only=True)
class Votes:
    """How the owners answered: counts of households, or of square metres. Who abstains takes part."""

    asked: Decimal
    agreed: Decimal
    against: Decimal
    abstained: Decimal
    unreached: Decimal

    @property
    def took_part(self) -> Decimal:
        return self.agreed + self.against + self.abstained

    @property
    def adds_up(self) -> bool:
        parts = (self.agreed, self.against, self.abstained, self.unreached)
        return all(part >= 0 for part in parts) and sum(parts) == self.asked and self.asked > 0


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What the law asks for: `part` of all take part, `agree` of those who do agree; each by number and by area.

    `of_all`: the part that agrees is taken of all, not of those who take part (物权法 第七十六条, until 2020).
    "Two thirds or more" includes two thirds (民法典 第一千二百五十九条); with `more_than`, exactly `agree` is too
    little (过半数: more than half).
    """

    part: tuple[int, int]
    agree: tuple[int, int]
    more_than: bool
    of_all: bool = False


class Lack(StrEnum):
    PART_HOUSEHOLDS = "part_households"
    PART_AREA = "part_area"
    AGREE_HOUSEHOLDS = "agree_households"
    AGREE_AREA = "agree_area"


def lacking(households: Votes, area: Votes, terms: Terms) -> tuple[Lack, ...]:
    """What is missing to a decision; nothing where the owners have agreed. Whole numbers only: no rounding decides."""
    found = []
    for votes, part, agree in (
        (households, Lack.PART_HOUSEHOLDS, Lack.AGREE_HOUSEHOLDS),
        (area, Lack.PART_AREA, Lack.AGREE_AREA),
    ):
        if votes.took_part * terms.part[1] < votes.asked * terms.part[0]:
            found.append(part)
        base = votes.asked if terms.of_all else votes.took_part
        enough, have = base * terms.agree[0], votes.agreed * terms.agree[1]
        if have < enough or (terms.more_than and have == enough):
            found.append(agree)
    return tuple(found)


def due_days(kind: Kind, start: date, end: date) -> tuple[tuple[Step, date], ...]:
    """The milestones of a kind between two days; the last is due on `end`."""
    days = (end - start).days
    return tuple((step, start + timedelta(days=round(days * step.share / 100))) for step in KINDS[kind].steps)


def days_of(first: date, last: date) -> int:
    """How many days a publicity lasts, both ends counted."""
    return (last - first).days + 1


@dataclass(frozen=True, kw_only=True)
class Amount:
    """One line of the bill of quantities as it stands. `weight` is its part of the works."""

    planned: Decimal
    measured: Decimal
    weight: int


def progress(amounts: Sequence[Amount], weights: Iterable[tuple[int, bool]]) -> int:
    """How far the works are, in whole per cent, rounded down: 100 is only what is done in full.

    Measured quantities decide, each by its weight and none for more than it was planned; where nothing is measured by
    quantity, the milestones reached do. `weights` are the milestones' weights, and whether each is reached.
    """
    total = sum(amount.weight for amount in amounts)
    if total:
        done = sum(amount.weight * min(Decimal(1), amount.measured / amount.planned) for amount in amounts)
        return int(done * HUNDRED / total)
    listed = list(weights)
    whole = sum(weight for weight, _done in listed)
    return sum(weight for weight, done in listed if done) * 100 // whole if whole else 0


class Stage(StrEnum):
    """Where a project stands, from its dates."""

    PREPARED = "prepared"
    READY = "ready"
    UNDER_WAY = "under_way"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


def months_later(day: date, months: int) -> date:
    """The same day of a later month; its last day where it is shorter (民法典 第二百零二条)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return date(year, month + 1, min(day.day, (following - timedelta(days=1)).day))
