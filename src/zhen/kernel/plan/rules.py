"""Where a promise stands. Pure: no clock, no database; the day is an argument.

How a target is judged (documented for readers in docs/reference/plan.md):

- A promise "=", "≥", ">", "≈", "range" or "multiple" is a promise to reach something: more does not break it.
  "≈ n" is reached at nine tenths of n, a range at its lower end, a multiple at that many times the value at the start.
- "≤" and "<" are ceilings: they are kept only when the time is over, and behind as soon as they are exceeded.
- What accumulates is kept as soon as it is reached, and behind when it is more than a tenth of the way
  short of an even course from the start to the due date.
- What must hold at all times is behind as long as it does not hold.
- After the due date there is only kept and overdue, once the figures cover the time to the due date; while they
  do not, a target that holds is on track and one that does not is behind.
- The course is judged at the day that the figures reach, not at the day of reading: late figures are not a late town.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

CEILINGS = frozenset({"<=", "<"})


class Standing(StrEnum):
    """Where a promise stands, from best to worst; the last two say that nobody knows yet."""

    KEPT = "kept"
    ON_TRACK = "on_track"
    DUE_SOON = "due_soon"
    BEHIND = "behind"
    OVERDUE = "overdue"
    NOT_MEASURABLE = "not_measurable"
    NOT_REPORTED = "not_reported"


SEVERITY: dict[Standing, int] = {
    Standing.OVERDUE: 0,
    Standing.BEHIND: 1,
    Standing.DUE_SOON: 2,
    Standing.NOT_REPORTED: 3,
    Standing.NOT_MEASURABLE: 4,
    Standing.ON_TRACK: 5,
    Standing.KEPT: 6,
}
"""The order in which promises are shown: what needs somebody first."""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """`due_soon_days`: how long before the due date a promise is called due soon. `slack`: the part of
    the even course that may be missing. `about`: how far below n "about n" still is."""

    due_soon_days: int = 30
    slack: Decimal = Decimal("0.1")
    about: Decimal = Decimal("0.1")


POLICY = Policy()


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What was promised. `due` is the last day. `baseline` is the value at the start."""

    comparator: str
    low: Decimal | None
    high: Decimal | None
    accumulates: bool
    starts: date
    due: date
    baseline: Decimal | None = None


def threshold(terms: Terms, policy: Policy = POLICY) -> Decimal | None:
    """The value at which the promise is reached (or, for ceilings, may not be exceeded)."""
    if terms.low is None or terms.comparator in ("relative", "qualitative"):
        return None
    match terms.comparator:
        case "multiple":
            return None if terms.baseline is None else terms.low * terms.baseline
        case "≈":
            return terms.low - abs(terms.low) * policy.about
        case _:
            return terms.low


def satisfied(terms: Terms, value: Decimal, policy: Policy = POLICY) -> bool | None:
    """Whether `value` (in the target's unit) is what was promised; `None` where no number decides."""
    edge = threshold(terms, policy)
    if edge is None:
        return None
    match terms.comparator:
        case "<=":
            return value <= edge
        case "<":
            return value < edge
        case ">":
            return value > edge
        case _:
            return value >= edge


def elapsed(starts: date, due: date, today: date) -> Decimal:
    """The part of the time that lies before `today`, from 0 to 1."""
    total = (due - starts).days + 1
    if total <= 0:
        return Decimal(1)
    return min(Decimal(1), max(Decimal(0), Decimal((today - starts).days) / total))


def target_standing(
    terms: Terms, value: Decimal | None, today: date, *, covered: date | None = None, policy: Policy = POLICY
) -> Standing:
    """Where a target stands on a day, given its value.

    `covered` is the first day that the value does not cover; without it, the value is of today.
    """
    holds = None if value is None else satisfied(terms, value, policy)
    if value is None or holds is None:
        return Standing.NOT_MEASURABLE
    lasting = terms.accumulates and terms.comparator not in CEILINGS
    final = covered is None or covered > terms.due
    if holds:
        if lasting or (today > terms.due and final):
            return Standing.KEPT
    elif today > terms.due and final:
        return Standing.OVERDUE
    elif not lasting or value < expected(terms, min(today, covered or today), policy):
        return Standing.BEHIND
    return Standing.DUE_SOON if 0 <= (terms.due - today).days < policy.due_soon_days else Standing.ON_TRACK


def expected(terms: Terms, today: date, policy: Policy = POLICY) -> Decimal:
    """The least value that is on course today, for a promise that accumulates evenly."""
    edge = threshold(terms, policy)
    assert edge is not None, "only promises with a number have a course"
    start = terms.baseline or Decimal(0)
    return start + (edge - start) * elapsed(terms.starts, terms.due, today) * (1 - policy.slack)


def measure_standing(*, state: str, starts: date, due: date, today: date, policy: Policy = POLICY) -> Standing:
    """Where a measure stands, from what its owner reported last (`Measure.State`)."""
    if state == "done":
        return Standing.KEPT
    if today > due:
        return Standing.OVERDUE
    if state == "at_risk" or (state == "not_started" and elapsed(starts, due, today) > Decimal("0.5")):
        return Standing.BEHIND
    if (due - today).days < policy.due_soon_days:
        return Standing.DUE_SOON
    return Standing.NOT_REPORTED if state == "not_reported" else Standing.ON_TRACK
