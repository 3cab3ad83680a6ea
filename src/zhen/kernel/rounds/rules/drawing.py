"""The double-random draw: which subjects are visited, and by whom, from a published seed. Pure.

The lists are frozen and their digest is published before the seed is known; then nobody can choose either to suit the
other. Everything is ordered by SHA-256 of the seed and the key, so ten lines of any language repeat it
(docs/howto/verify-draw.md). Source: 双随机、一公开, 国务院办公厅 2015 (国办发〔2015〕58号).
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Lists:
    """What is drawn from: keys of subjects and inspectors, how many subjects, how many people on each.

    `recused`: inspectors who may not visit a subject, by its key.
    """

    subjects: tuple[str, ...]
    inspectors: tuple[str, ...]
    count: int
    people: int
    recused: Mapping[str, Collection[str]]

    def as_json(self) -> dict[str, Any]:
        return {
            "subjects": sorted(self.subjects),
            "inspectors": sorted(self.inspectors),
            "count": self.count,
            "people": self.people,
            "recused": {key: sorted(self.recused[key]) for key in sorted(self.recused)},
        }

    @property
    def digest(self) -> str:
        """What is published before the seed is known."""
        written = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(written.encode()).hexdigest()


Drawn = list[tuple[str, tuple[str, ...]]]
"""Each drawn subject with who visits it, in the order of the draw."""


def draw(lists: Lists, seed: str) -> Drawn:
    """Draw subjects, then people for each: the first in the order of the seed who may and has not his share yet.

    Where too few are left below their share, the least loaded of the others go. Whoever is recused never does.
    """
    subjects = sorted(lists.subjects, key=lambda key: lot(seed, "subject", key))[: lists.count]
    share = -(-len(subjects) * lists.people // max(1, len(lists.inspectors)))
    load = dict.fromkeys(lists.inspectors, 0)
    drawn: Drawn = []
    for subject in subjects:
        free = [one for one in lists.inspectors if one not in lists.recused.get(subject, ())]
        free.sort(key=lambda one: (load[one] >= share, max(load[one] - share, 0), lot(seed, subject, one)))
        chosen = tuple(free[: lists.people])
        for one in chosen:
            load[one] += 1
        drawn.append((subject, chosen))
    return drawn


def lot(seed: str, what: str, key: str) -> str:
    return sha256(f"{seed}|{what}|{key}".encode()).hexdigest()


def sample(keys: Sequence[str], count: int, seed: str) -> list[str]:
    """So many of the keys, by the seed; for campaigns that draw subjects only."""
    return sorted(keys, key=lambda key: lot(seed, "subject", key))[:count]
