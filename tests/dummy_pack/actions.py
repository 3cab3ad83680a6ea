"""What is done to benches."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import F

from tests.dummy_pack.models import Bench
from tests.dummy_pack.rules import BENCH
from zhen.kernel.access.api import Actor, action
from zhen.kernel.identity.api import Unit
from zhen.kernel.jobs.api import enqueue
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock

VIEW = "dummy_pack.view"
CHANGE = "dummy_pack.change"


@action(CHANGE)
def put_up(actor: Actor, name: str, unit: Unit) -> Bench:
    bench = Bench.objects.create(name=name, unit=unit)
    journal.record("dummy_pack.put_up", by=actor, subject=bench, unit=unit.pk, data={"name": name})
    return bench


@action(CHANGE)
def change_state(actor: Actor, bench: Bench, state: str) -> None:
    BENCH.require(bench.state, state)
    bench.state = state
    bench.mended_on = clock.today() if state == Bench.State.WHOLE else bench.mended_on
    bench.save()
    journal.record(f"dummy_pack.{state}", by=actor, subject=bench, unit=bench.unit_id, data={"name": bench.name})
    if state == Bench.State.BROKEN:
        enqueue("dummy_pack.remind", once=f"bench {bench.pk}", bench=bench.pk)


@action(None, silent=True)
def remind(actor: Actor, bench: int) -> None:
    """The reminder's effect is its event."""
    for broken in Bench.objects.filter(pk=bench, state=Bench.State.BROKEN):
        journal.record("dummy_pack.reminded", by=actor, subject=broken, data={"name": broken.name})


def count_seen(events: Sequence[journal.Event]) -> None:
    """The consumer: each event about a bench counts once."""
    for event in events:
        Bench.objects.filter(pk=event.subject_id).update(times_seen=F("times_seen") + 1)
