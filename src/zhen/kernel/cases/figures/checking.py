"""Holding the figures against the journal, and mending them: what was booked of each case, then the sums of it.

A nightly job does it for what happened in the last days, `zhen cases figures` for as far back as is wanted. Whoever
books meanwhile waits: both hold the position of the consumer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.figures import booking, sums
from zhen.kernel.cases.figures.periods import add_months
from zhen.kernel.cases.figures.rules import ANSWERED
from zhen.kernel.cases.models import Tally, TallySum
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal import api as journal
from zhen.kernel.journal.api import Event, EventKind, Position
from zhen.kernel.lib import clock

SYSTEM = Actor.system("figures")
NIGHTLY = 7
"""Days of the journal that the job looks at: what was missed is noticed within a week of misses."""
AT_ONCE = 1000
FIELDS = ("event", "case_id", "what", "day", "type", "unit", "area", "category", "source", "h3_9", "minutes")
EVENT, WHAT = FIELDS.index("event"), FIELDS.index("what")
What = Tally.What
Line = tuple[Any, ...]


@dataclass
class Found:
    """What a check has found: cases looked at, those booked wrongly, and sums (by month) that were not their parts."""

    start: date
    cases: int = 0
    wrong_cases: list[int] = field(default_factory=list)
    wrong_sums: dict[date, int] = field(default_factory=dict)

    @property
    def right(self) -> bool:
        return not self.wrong_cases and not self.wrong_sums

    def facts(self) -> dict[str, Any]:
        return {
            "from": self.start.isoformat(),
            "cases": self.cases,
            "wrong_cases": len(self.wrong_cases),
            "wrong_sums": sum(self.wrong_sums.values()),
            "months": [month.isoformat()[:7] for month in sorted(self.wrong_sums)],
        }


@action(None, silent=True)
def check_figures(actor: Actor, start: date, *, mend: bool) -> Found:
    """Compare what is booked of the cases that something happened to since a day, and the sums since its month."""
    found = Found(start)
    position = Position.objects.select_for_update().filter(pk=booking.CONSUMER.id).first()
    if position is None:
        return found
    touched = _touched(start, position)
    for ids in (touched[number : number + AT_ONCE] for number in range(0, len(touched), AT_ONCE)):
        expected, booked = _expected(ids, position), _booked(ids)
        wrong = [case for case in ids if expected[case] != booked[case]]
        found.cases += len(ids)
        found.wrong_cases += wrong
        if mend and wrong:
            _rebook(wrong, expected)
    for month in list(_months(start, found)):
        number = sum(_differing(grain, month) for grain in TallySum.Grain)
        if number:
            found.wrong_sums[month] = number
            if mend:
                _resum(month)
    if mend and not found.right:
        journal.record("cases.figures_mended", by=actor, subject=("cases.tally", start), data=found.facts())
    return found


def check_lately() -> None:
    """The nightly look."""
    check_figures(SYSTEM, clock.today() - timedelta(days=NIGHTLY), mend=True)


# what is booked of each case


def _touched(start: date, position: Position) -> list[int]:
    """The cases to which something happened since a day, and those of which something counts since then."""
    moment = datetime.combine(start, time.min, clock.TOWN_ZONE)
    events = _events(position).filter(at__gte=moment).values_list("subject_id", flat=True).distinct()
    booked = Tally.objects.filter(day__gte=start).values_list("case_id", flat=True).distinct()
    return sorted({int(id) for id in events.order_by()} | set(booked.order_by()))


def _events(position: Position) -> QuerySet[Event]:
    return Event.objects.filter(subject_type=booking.SUBJECT, kind__in=booking.KINDS).extra(
        where=["(transaction, id) <= (%s, %s)"], params=[position.transaction, position.event]
    )


def _expected(ids: Iterable[int], position: Position) -> dict[int, Counter[Line]]:
    """What the journal says should be booked: all of a case under its last class."""
    events = list(_events(position).filter(subject_id__in=[str(id) for id in ids]).order_by("transaction", "id"))
    classes = booking.classes_of(events)
    found: dict[int, Counter[Line]] = defaultdict(Counter)
    for event in events:
        for tally in booking.tallies_of(event):
            tally.category = classes[tally.case_id]
            found[tally.case_id][tuple(getattr(tally, name) for name in FIELDS)] += 1
    return {case: _as_it_ended(found[case]) for case in ids}


def _as_it_ended(lines: Counter[Line]) -> Counter[Line]:
    """The lines of one case; what ended before it was opened again is undone: see `booking.undo`."""
    again = max((line[EVENT] for line in lines if line[WHAT] == What.REOPENED), default=0)
    undone = [line for line in lines if line[WHAT] in ANSWERED and line[EVENT] < again]
    for line in undone:
        lines[(*line[:WHAT], What.UNDONE.value, *line[WHAT + 1 :])] += lines.pop(line)
    return lines


def _booked(ids: Iterable[int]) -> dict[int, Counter[Line]]:
    found: dict[int, Counter[Line]] = defaultdict(Counter)
    for row in Tally.objects.filter(case_id__in=list(ids)).values_list(*FIELDS):
        found[row[1]][row] += 1
    return found


def _rebook(ids: Sequence[int], expected: dict[int, Counter[Line]]) -> None:
    chosen = ("case_id = ANY(%s)", [list(ids)])
    sums.take(*chosen)
    Tally.objects.filter(case_id__in=ids).delete()
    rows = (dict(zip(FIELDS, line, strict=True)) for case in ids for line in expected[case].elements())
    Tally.objects.bulk_create([Tally(**row) for row in rows])
    sums.add(*chosen)


# the sums


def _months(start: date, found: Found) -> Iterator[date]:
    """The first days of the months since a day; from an earlier one on where a wrongly booked case counted in it."""
    days = Tally.objects.aggregate(first=Min("day"), last=Max("day"))
    held = TallySum.objects.aggregate(first=Min("start"), last=Max("start"))
    known = [one for one in (*days.values(), *held.values()) if one is not None]
    if not known:
        return
    wrong = Tally.objects.filter(case_id__in=found.wrong_cases).aggregate(first=Min("day"))["first"]
    month = max(min(start, wrong or start), min(known)).replace(day=1)
    while month <= max(known):
        yield month
        month = add_months(month, 1)


def _differing(grain: int, month: date) -> int:
    """How many sums of a grain and month are not what their parts give."""
    dims = [name for name in sums.KEY[3:] if name in sums.KEPT[grain]]
    # by hexagon only what was received is ever shown
    columns = ["received"] if grain == TallySum.Grain.HEXAGON_MONTH else list(sums.COLUMNS)
    end = add_months(month, 1)
    start = "day" if grain in sums.BY_DAY else "date_trunc('month', day)::date"
    measures = ", ".join(f"coalesce({sums.MEASURES[column]}, 0)::bigint" for column in columns)
    only = " AND h3_9 <> 0" if grain == TallySum.Grain.HEXAGON_MONTH else ""
    group = ", ".join(["1", "2", *(str(3 + number) for number in range(len(dims)))])
    named = "".join(f", {name}" for name in dims)
    text = (
        f"SELECT {start}, type{named}, {measures} FROM cases_tally "  # noqa: S608  # names of this module
        f"WHERE day >= %s AND day < %s{only} GROUP BY {group}"
    )
    with connection.cursor() as cursor:
        cursor.execute(text, [month, end])
        expected = Counter(row for row in cursor.fetchall() if any(row[2 + len(dims) :]))
    stored = TallySum.objects.filter(grain=grain, start__gte=month, start__lt=end)
    rows = stored.values_list("start", "type", *dims, *columns)
    kept = Counter(row for row in rows if any(row[2 + len(dims) :]))
    return sum(((expected - kept) | (kept - expected)).values())


def _resum(month: date) -> None:
    end = add_months(month, 1)
    TallySum.objects.filter(start__gte=month, start__lt=end).delete()
    sums.add("day >= %s AND day < %s", [month, end])


EVENTS = (
    EventKind(
        id="cases.figures_mended",
        text=_("mended the figures since {from}: {wrong_cases} cases, {wrong_sums} sums differed from the journal"),
    ),
)
JOBS = (
    Job(
        id="cases.check_figures",
        name=_("Hold the figures of cases against the journal"),
        run=check_lately,
        every="10 4 * * *",
    ),
)
ITEMS = (*EVENTS, *JOBS)
