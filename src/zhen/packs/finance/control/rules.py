"""Pure rules of internal control: which row of the matrix holds, and how samples are drawn."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Protocol, TypeVar

Population = Sequence[tuple[int, int]]
"""Pairs of a payment's id and its amount in fen, above zero, in the order of the ids."""


class Held(Protocol):
    """A rule with its days, the end exclusive."""

    valid_from: date
    valid_to: date | None


class Banded(Held, Protocol):
    """A row of the matrix, as the search needs it."""

    kind: str
    amount_from: int


B = TypeVar("B", bound=Banded)


def holds(row: Held, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def row_for(rows: Iterable[B], kind: str, amount: int, day: date) -> B | None:
    """The row in force on a day for a paper: of those that begin at or below its amount the highest."""
    fitting = (row for row in rows if row.kind == kind and row.amount_from <= amount and holds(row, day))
    return max(fitting, key=lambda row: row.amount_from, default=None)


def digest(population: Population) -> str:
    """What is written down before the seed is known: SHA-256 of the list as JSON without spaces."""
    return sha256(json.dumps([list(one) for one in population], separators=(",", ":")).encode()).hexdigest()


def lot(seed: str, what: str, key: object) -> str:
    """As the double-random draw of rounds makes its lots: SHA-256 of the seed and the key."""
    return sha256(f"{seed}|{what}|{key}".encode()).hexdigest()


def random_sample(population: Population, size: int, seed: str) -> list[int]:
    """So many, each with the same chance: the first in the order of their lots."""
    keys = sorted((key for key, _amount in population), key=lambda key: lot(seed, "payment", key))
    return keys[:size]


def monetary_sample(population: Population, size: int, seed: str) -> list[int]:
    """Monetary-unit sampling: every so many fen one fen is hit, and the payment it belongs to is drawn.

    The first hit follows from the seed; a payment as large as the interval or larger is always drawn (once).
    """
    total = sum(amount for _key, amount in population)
    if not total:
        return []
    interval = max(1, total // size)
    hit = int(lot(seed, "start", total), 16) % interval
    drawn: list[int] = []
    passed = 0
    for key, amount in population:
        passed += amount
        if hit < passed:
            drawn.append(key)
            hit += interval * ((passed - 1 - hit) // interval + 1)
    return drawn
