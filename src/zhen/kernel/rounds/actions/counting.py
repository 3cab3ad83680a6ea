"""Campaigns that keep only counts (enumerations such as a census): once over, answers are counted and erased.

Source: 《统计法》第九条、第二十五条: what single households said is kept secret, and serves nothing but the statistics.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.declarations import NUMBERS, Item, ItemKind
from zhen.kernel.rounds.models import Campaign, ChecklistVersion, Count, Visit
from zhen.kernel.rounds.rules.answers import asked

COUNT_JOB = "rounds.count"
FEWEST = 10
"""An area in which fewer answered is counted with the others: nobody reads a single household out of the counts."""
BATCH = 2_000
ERASED: Mapping[str, Any] = {
    "answers": {},
    "note": "",
    "lon": None,
    "lat": None,
    "accuracy_m": None,
    "distance_m": None,
    "points": None,
    "points_most": None,
}
COUNTED = frozenset({ItemKind.YES_NO, ItemKind.CHOICE, *NUMBERS})


def check_countable(version: ChecklistVersion | None) -> None:
    """Raises Refused where a checklist asks what no count can keep: a name, a photo, or something that opens a case."""
    for item in version.items if version else ():
        if item.kind not in COUNTED or item.findings:
            raise Refused(
                field=_("checklist"),
                value=item.text,
                reason=_("a campaign that keeps only counts asks yes or no, choices and numbers, and opens no case"),
                remedy=_("Choose another checklist, or keep the answers"),
            )


@action(rights.PLAN, silent=True)
def count(actor: Actor, campaign: Campaign) -> Campaign:
    """Count what was answered, and erase it. Once; what comes later is refused, for its visit is called off."""
    found = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if not found.counts_only or found.counted_at is not None or found.state != Campaign.State.ENDED:
        return found
    of_it = Visit.objects.filter(round__campaign=found)
    of_it.filter(state=Visit.State.PLANNED).update(state=Visit.State.CALLED_OFF)
    done = of_it.filter(state=Visit.State.DONE)
    rows = _rows(found, done.filter(outcome=Visit.Outcome.SEEN).select_related("version").iterator(chunk_size=BATCH))
    Count.objects.bulk_create(rows, batch_size=BATCH)
    erased = done.update(**ERASED)
    found.counted_at = clock.now()
    found.save(update_fields=["counted_at"])
    journal.record(
        "rounds.counted",
        by=actor,
        subject=found,
        area=found.area_id,
        unit=found.unit_id,
        data={"title": found.title, "visits": erased, "counts": len(rows)},
    )
    return found


def count_one(campaign: int) -> None:
    """The job that the end of such a campaign enqueues."""
    found = Campaign.objects.filter(pk=campaign).first()
    if found is not None:
        count(Actor.system("rounds"), found)


def count_all() -> None:
    """Campaigns whose last day is past, and any that a failed job left over."""
    waiting = Campaign.objects.filter(counts_only=True, counted_at__isnull=True, state=Campaign.State.ENDED)
    for found in waiting:
        count(Actor.system("rounds"), found)


def _rows(campaign: Campaign, visits: Iterable[Visit]) -> list[Count]:
    """The counts of each answer, for the whole campaign and for each area that is large enough."""
    texts: dict[str, str] = {}
    numbers: Counter[tuple[int | None, str, str]] = Counter()
    sums: dict[tuple[int | None, str, str], float] = defaultdict(float)
    households: Counter[int | None] = Counter()
    for visit in visits:
        households[visit.area_id] += 1
        assert visit.version is not None
        for item, answer, amount in _told(visit.version.items, visit.answers):
            texts[item.id] = item.text
            key = visit.area_id, item.id, answer
            numbers[key] += 1
            sums[key] += amount
    merged: Counter[tuple[int | None, str, str]] = Counter()
    amounts: dict[tuple[int | None, str, str], float] = defaultdict(float)
    small = {area for area, many in households.items() if many < FEWEST}
    for (area, item_id, answer), many in numbers.items():
        key = (None if area in small else area), item_id, answer
        merged[key] += many
        amounts[key] += sums[area, item_id, answer]
    return [
        Count(
            campaign=campaign,
            area_id=area,
            item=item_id,
            text=texts[item_id][:200],
            answer=answer,
            number=many,
            total=amounts[area, item_id, answer],
        )
        for (area, item_id, answer), many in sorted(merged.items(), key=_by_item)
    ]


def _by_item(one: tuple[tuple[int | None, str, str], int]) -> tuple[str, str, int]:
    (area, item_id, answer), _many = one
    return item_id, answer, area or 0


def _told(items: tuple[Item, ...], answers: Mapping[str, Any]) -> Iterator[tuple[Item, str, float]]:
    """Each answered item with its answer as a word; of numbers only how many there were, and their sum."""
    for one in asked(items, answers):
        if one.answer is None:
            continue
        if one.item.kind in NUMBERS:
            yield one.item, "", float(one.answer)
        else:
            yield one.item, str(one.answer), 0.0
