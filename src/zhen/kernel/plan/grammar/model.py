"""The values that the plan grammar hands out: frozen, with offsets into the text that was parsed.

Offsets count characters of the text as given to `parse`, end exclusive: `text[x.start:x.end]` is
always what the value was read from.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Comparator = Literal["=", ">=", "<=", ">", "≈", "relative", "multiple", "range"]
Kind = Literal["count", "amount", "growth_rate", "ratio", "ceiling", "pp_change", "other"]
Role = Literal["lead", "cooperating"]
QualitativeKind = Literal["synchronised", "relative", "coverage", "assigned"]
Value = float | tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """When a promise falls due. `text` is empty where the plan's year was taken by default."""

    year: int
    month: int | None = None
    text: str = ""

    def __str__(self) -> str:
        return f"{self.year}" if self.month is None else f"{self.year}-{self.month:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A unit that answers for a measure. `generic` marks "各相关单位" and the like, which name no unit;
    `person` marks a responsible leader rather than a unit."""

    start: int
    end: int
    name: str
    role: Role = "lead"
    generic: bool = False
    person: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """The stretch of text that a list of owners closes, and the owners in their order."""

    start: int
    end: int
    owners: tuple[Owner, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A numbered heading or a topic sentence. `level` grows inwards: 篇 0 章 1 节 2 一、3 （一）4 1. 5
    （1）6, 7 for a topic sentence."""

    start: int
    end: int
    text: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One quantified target: one number of the plan. A `range` has two values, low and high."""

    start: int
    end: int
    text: str
    num_start: int
    num_end: int
    comparator: Comparator
    value: Value
    unit: str
    object: str
    verb: str
    kind: Kind
    deadline: Deadline | None
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QualitativeTarget:
    """A goal that can be held against a measured value although it names no number."""

    start: int
    end: int
    text: str
    kind: QualitativeKind
    deadline: Deadline | None
    owners: tuple[Owner, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A clause with a verb and a deliverable of its own, under its topic heading."""

    start: int
    end: int
    text: str
    verb: str
    object: str
    deadline: Deadline | None
    chapter: str = ""
    topic: str = ""
    owners: tuple[Owner, ...] = ()
    targets: tuple[Target, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedPlan:
    """Everything the grammar read from one document."""

    title: str
    year: int | None
    issued: str | None
    chapters: tuple[Heading, ...]
    sections: tuple[Heading, ...]
    measures: tuple[Measure, ...]
    targets: tuple[Target, ...]
    qualitative: tuple[QualitativeTarget, ...]
    assignments: tuple[Assignment, ...]


def target_as_line(target: Target) -> dict[str, Any]:
    """The target as a line of the gold format: a range's value is a list, the deadline a string."""
    line = asdict(target)
    if isinstance(target.value, tuple):
        line["value"] = list(target.value)
    line["deadline"] = str(target.deadline) if target.deadline else None
    return line


def assignment_as_line(assignment: Assignment) -> dict[str, Any]:
    """The assignment as a line of the owners' gold format. Leaders are persons, so they stay out."""
    owners = [{"name": o.name, "role": o.role, "generic": o.generic} for o in assignment.owners if not o.person]
    return {"start": assignment.start, "end": assignment.end, "owners": owners}
