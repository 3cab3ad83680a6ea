"""The consumer of the journal that books what counts, and the job that books everything anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.figures import rules, sums
from zhen.kernel.cases.models import Tally
from zhen.kernel.journal.api import Consumer, Event, Position

What = Tally.What
SUBJECT = "cases.case"
KINDS = (
    "cases.received",
    "cases.moved",
    "cases.assigned",
    "cases.edited",
    "cases.commented",
    "cases.breached",
)
AT_ONCE = 20_000


def tallies_of(event: Event) -> Iterator[Tally]:
    data = event.data
    for one in rules.counted(rules.Fact(kind=event.kind, at=event.at, data=data)):
        yield Tally(
            event=event.pk,
            case_id=int(event.subject_id),
            what=one.what,
            day=one.day,
            type=data["type"],
            unit=(data.get("from_unit") if one.before else None) or event.unit_id or 0,
            area=event.area_id or 0,
            category=data.get("category") or 0,
            source=data.get("source", ""),
            h3_9=data.get("h3") or 0,
            minutes=one.minutes,
        )


def book(events: Sequence[Event]) -> None:
    """Book a batch of events: in the transaction that moves the consumer's position."""
    wanted = [event for event in events if event.subject_type == SUBJECT]
    classes = classes_of(wanted)
    restate(classes)
    made = [tally for event in wanted for tally in tallies_of(event)]
    for tally in made:
        tally.category = classes[tally.case_id]
    if made:
        Tally.objects.bulk_create(made)
        sums.add("id = ANY(%s)", [[tally.pk for tally in made]])
        undo({tally.case_id for tally in made if tally.what == What.REOPENED})


def classes_of(events: Iterable[Event]) -> dict[int, int]:
    """The class of each case after the last of the events, which come in the order in which they happened."""
    return {int(event.subject_id): event.data.get("category") or 0 for event in events}


_CHANGED = (
    "id IN (SELECT tally.id FROM cases_tally tally JOIN unnest(%s::bigint[], %s::bigint[]) AS now (case_id, category)"
    " ON tally.case_id = now.case_id WHERE tally.category <> now.category)"
)
_CORRECT = """
UPDATE cases_tally SET category = now.category FROM unnest(%s::bigint[], %s::bigint[]) AS now (case_id, category)
WHERE cases_tally.case_id = now.case_id AND cases_tally.id = ANY(%s)
"""


def restate(classes: dict[int, int]) -> None:
    """A class that was corrected holds for all that has been counted of the case; nothing else is ever restated."""
    now = [list(classes), list(classes.values())]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM cases_tally WHERE {_CHANGED}", now)  # noqa: S608
        changed = [row[0] for row in cursor.fetchall()]
        if changed:
            sums.take("id = ANY(%s)", [changed])
            cursor.execute(_CORRECT, [*now, changed])
            sums.add("id = ANY(%s)", [changed])


_ENDED_BEFORE = f"""what IN ({What.SOLVED}, {What.EXPLAINED}) AND EXISTS (
    SELECT FROM cases_tally AS later
    WHERE later.case_id = cases_tally.case_id AND later.what = {What.REOPENED} AND later.event > cases_tally.event
)"""
"""An end after which the case was opened again. The events of one case have ids in the order in which they happened,
because who changes a case holds its row."""


def undo(cases: Iterable[int]) -> None:
    """What was closed and is opened again was not the end, so it does not count as one any more."""
    wanted = list(cases)
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM cases_tally WHERE case_id = ANY(%s) AND {_ENDED_BEFORE}", [wanted])  # noqa: S608
        ended = [row[0] for row in cursor.fetchall()]
        if ended:
            sums.take("id = ANY(%s)", [ended])
            Tally.objects.filter(pk__in=ended).update(what=What.UNDONE)
            sums.add("id = ANY(%s)", [ended])


CONSUMER = Consumer(id="cases.figures", name=_("Figures of cases"), handle=book, kinds=frozenset(KINDS), batch=1000)


@transaction.atomic
def rebuild() -> int:
    """Book everything anew from the journal, up to where the consumer has read. The figures come out the same."""
    position = Position.objects.select_for_update().filter(pk=CONSUMER.id).first()
    with connection.cursor() as cursor:  # not TRUNCATE: whoever reads meanwhile reads what stood before
        cursor.execute("DELETE FROM cases_tally")
    booked = 0
    for events in _batches(position) if position else ():
        made = [tally for event in events for tally in tallies_of(event)]
        Tally.objects.bulk_create(made, batch_size=5000)
        booked += len(made)
    with connection.cursor() as cursor:
        if position:
            cursor.execute(_LAST_CLASS, [SUBJECT, list(KINDS), position.transaction, position.event])
        cursor.execute(f"UPDATE cases_tally SET what = {What.UNDONE} WHERE {_ENDED_BEFORE}")  # noqa: S608
        cursor.execute("ANALYZE cases_tally")
    sums.rebuild_sums()
    return booked


_LAST_CLASS = """
UPDATE cases_tally SET category = last.category FROM (
    SELECT DISTINCT ON (subject_id) subject_id::bigint AS case_id, coalesce((data->>'category')::bigint, 0) AS category
    FROM journal_event WHERE subject_type = %s AND kind = ANY(%s) AND (transaction, id) <= (%s, %s)
    ORDER BY subject_id, transaction DESC, id DESC
) last WHERE cases_tally.case_id = last.case_id AND cases_tally.category <> last.category
"""


def _batches(position: Position) -> Iterator[list[Event]]:
    """All events up to the position, in the order of their reading."""
    after = (-1, 0)
    while True:
        rows = Event.objects.filter(subject_type=SUBJECT, kind__in=KINDS).extra(
            where=["(transaction, id) > (%s, %s) AND (transaction, id) <= (%s, %s)"],
            params=[*after, position.transaction, position.event],
        )
        events = list(rows.order_by("transaction", "id")[:AT_ONCE])
        if not events:
            return
        yield events
        after = events[-1].transaction, events[-1].pk
