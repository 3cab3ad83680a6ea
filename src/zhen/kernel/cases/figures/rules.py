"""How events become things that count. Pure: everything needed stands in the event itself.

The formulas are those of urban management's published evaluation (GB/T 30428 series, CJ/T 315) and of the hotline's:

- on-time rate = closed by the deadline ÷ due in the period;
- first contact = contacted within one working day ÷ contacts due in the period;
- solved = closed as solved ÷ (closed as solved + closed as explained), without what was opened again;
- satisfaction = ratings of 4 and 5 ÷ all ratings.

What was due counts on the day on which it was due, not on the day on which somebody closed it. A missed deadline
is an event and stays one: a case that is reopened gets a new deadline, which counts as due once more. Its first end
counts as a closing still, and neither as solved nor as explained: it was not the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import sqrt
from typing import Any

from zhen.kernel.cases.models import Tally
from zhen.kernel.lib import clock

What = Tally.What

RECEIVED, MOVED, COMMENTED, BREACHED = "cases.received", "cases.moved", "cases.commented", "cases.breached"
STAMPS = {"registered_at": What.REGISTERED, "dispatched_at": What.DISPATCHED}
COUNTS = {"returned": What.RETURNED, "reworked": What.REWORKED, "self_handled": What.SELF_HANDLED}
ENDS = {"solved": What.SOLVED, "explained": What.EXPLAINED, "other": What.OTHER}
ANSWERED = (What.SOLVED, What.EXPLAINED)
DECIDED = {
    ("whole", True): What.ON_TIME,
    ("whole", False): What.LATE,
    ("contact", True): What.CONTACTED,
    ("contact", False): What.NOT_CONTACTED,
}
BY_DUE_DAY = frozenset(DECIDED.values())
RATINGS = (What.RATED_1, What.RATED_2, What.RATED_3, What.RATED_4, What.RATED_5)
SATISFIED = RATINGS[3:]

SPANS = (240, 1440, 2880, 7200, 14400, 28800)
"""Upper bounds in minutes of the first six spans from receipt to end: 4 h, 1, 2, 5, 10, 20 days."""


@dataclass(frozen=True, kw_only=True)
class Fact:
    """What an event says about one case, as much as counts."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Counted:
    """`before`: it belongs to the unit that had the case before this event."""

    what: int
    day: date
    minutes: int = 0
    before: bool = False


def counted(fact: Fact) -> Iterator[Counted]:
    """What an event counts as, each on its day."""
    data, day = fact.data, _day(fact.at)
    if fact.kind == RECEIVED:
        yield Counted(what=What.RECEIVED, day=_day(_moment(data["at"])))
    if fact.kind == MOVED:
        for names, known in ((data.get("stamps", ()), STAMPS), (data.get("counts", ()), COUNTS)):
            for name in names:
                if name in known:
                    yield Counted(what=known[name], day=day, before=known[name] == What.RETURNED)
        if data.get("reopened"):
            yield Counted(what=What.REOPENED, day=day)
        if data.get("ended"):
            minutes = max(0, int((fact.at - _moment(data["since"])).total_seconds() // 60))
            yield Counted(what=ENDS[data["ended"]], day=day, minutes=minutes)
        if data.get("rating"):
            yield Counted(what=RATINGS[int(data["rating"]) - 1], day=day)
    if data.get("ended") != "other":  # what ends outside the rates (void, passed on) was not due either
        for entry in data.get("decided", ()):
            yield Counted(what=DECIDED[entry["counts"], entry["met"]], day=_day(_moment(entry["due"])))


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _day(at: datetime) -> date:
    return at.astimezone(clock.TOWN_ZONE).date()


def wilson(successes: int, cases: int, z: float = 1.96) -> tuple[float, float]:
    """The interval in which the true share lies with 95 % certainty (Wilson, 1927); (0, 1) where there are none."""
    if cases == 0:
        return 0.0, 1.0
    share = successes / cases
    middle = share + z * z / (2 * cases)
    reach = z * sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    return max(0.0, (middle - reach) / (1 + z * z / cases)), min(1.0, (middle + reach) / (1 + z * z / cases))


def median(spans: tuple[int, ...]) -> float | None:
    """The median minutes from how many cases lie in each span, evenly spread within it; None without cases.

    In the last span, which has no end, only its beginning is known.
    """
    half, below, low = sum(spans) / 2, 0, 0
    if not half:
        return None
    for number, bound in zip(spans, SPANS, strict=False):
        if below + number >= half:
            return low + (bound - low) * (half - below) / number
        below, low = below + number, bound
    return float(SPANS[-1])
