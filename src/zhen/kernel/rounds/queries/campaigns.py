"""Reading campaigns, their rounds and draws, and how far they have come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Missing
from zhen.kernel.places.api import names_at
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.models import Campaign, Count, Draw, Round, Tally, Visit


def campaigns(actor: Actor) -> QuerySet[Campaign]:
    return restrict(actor, rights.VIEW, Campaign.objects.select_related("unit", "area"))


def campaign_for(actor: Actor, key: str) -> Campaign:
    found = campaigns(actor).filter(pk=key).first() if _is_id(key) else None
    if found is None:
        raise Missing(f"campaign {key}")
    return found


def draws(actor: Actor) -> QuerySet[Draw]:
    return restrict(actor, rights.VIEW, Draw.objects.select_related("round__campaign__unit"))


def draw_for(actor: Actor, key: str) -> Draw:
    """A draw; those that took place are known to everybody."""
    found = draws(actor).filter(pk=key).first() if _is_id(key) else None
    if found is None:
        raise Missing(f"draw {key}")
    return found


def current_round(campaign: Campaign) -> Round | None:
    """The newest round that was planned."""
    return campaign.rounds.filter(planned_at__isnull=False).order_by("-number").first()


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """How far a round has come, in subjects. `late`: planned visits past their last day."""

    subjects: int = 0
    seen: int = 0
    nobody: int = 0
    refused: int = 0
    gone: int = 0
    planned: int = 0
    late: int = 0
    with_findings: int = 0

    @property
    def share(self) -> float | None:
        """Subjects that were seen, of those that are there, in per cent."""
        there = self.subjects - self.gone
        return round(100 * self.seen / there, 1) if there > 0 else None


def coverage(round_: Round, today: date) -> Coverage:
    """Read from the tallies, re-checks left out. Whoever comes again does so because nobody was there: each such visit
    takes one of those away, so that a subject counts once."""
    sums = {name: _sum(column) for name, column in COUNTED.items()} | {"late": _sum("planned", Q(due_on__lt=today))}
    rows = Tally.objects.filter(round=round_, part=Tally.Part.DAY)
    counted = rows.aggregate(**{f"sum_{name}": sum_ for name, sum_ in sums.items()})
    return Coverage(**{name: counted[f"sum_{name}"] for name in sums})


COUNTED = {
    "subjects": "visits", "seen": "seen", "nobody": "nobody", "refused": "refused", "gone": "gone",
    "planned": "planned", "with_findings": "with_findings",
}  # fmt: skip
"""What coverage tells, and the column of the tallies that counts it."""


def coverages(campaigns: Iterable[int], today: date) -> dict[int, Coverage]:
    """Of each of these campaigns, by id, all its rounds together: one query for all of them."""
    sums = {name: _sum(column) for name, column in COUNTED.items()} | {"late": _sum("planned", Q(due_on__lt=today))}
    rows = Tally.objects.filter(round__campaign__in=list(campaigns), part=Tally.Part.DAY).order_by()
    grouped = rows.values("round__campaign").annotate(**{f"sum_{name}": sum_ for name, sum_ in sums.items()})
    counted: list[tuple[int, ...]] = list(grouped.values_list("round__campaign", *(f"sum_{name}" for name in sums)))
    return {campaign: Coverage(**dict(zip(sums, numbers, strict=True))) for campaign, *numbers in counted}


def _sum(of: str, only: Q | None = None) -> Coalesce:
    return Coalesce(Sum(of, filter=only), 0)


@dataclass(frozen=True, kw_only=True)
class AreaShare:
    """One area of a round: visits, and those that opened."""

    name: str
    visits: int
    done: int
    with_findings: int


def by_area(round_: Round, most: int = 60) -> Sequence[AreaShare]:
    rows = Tally.objects.filter(round=round_, part=Tally.Part.AREA).order_by().values("area_id")
    counted = list(
        rows.annotate(many=Sum("visits"), opened=Sum("done"), wrong=Sum("with_findings"))
        .filter(many__gt=0)
        .order_by("-many")[:most]
    )
    names = names_at((row["area_id"] for row in counted if row["area_id"]), clock.today())
    return [
        AreaShare(
            name=names.get(row["area_id"], "—"), visits=row["many"], done=row["opened"], with_findings=row["wrong"]
        )
        for row in counted
    ]


def counts_of(campaign: Campaign) -> QuerySet[Count]:
    return Count.objects.filter(campaign=campaign).order_by("item", "answer", "area_id")


def answers_left(campaign: Campaign) -> int:
    """How many of its visits still hold an answer, a note, a position or a photo; none once it is counted."""
    kept = ~Q(answers={}) | ~Q(note="") | Q(lon__isnull=False) | Q(photos__isnull=False)
    return Visit.objects.filter(kept, round__campaign=campaign, state=Visit.State.DONE).distinct().count()


def due_by_day(round_: Round) -> Mapping[date, int]:
    """How many visits are still planned for each day, re-checks among them."""
    rows = Tally.objects.filter(round=round_, part=Tally.Part.DAY).order_by().values("planned_on")
    counted = rows.annotate(many=Sum("due")).filter(many__gt=0).values_list("planned_on", "many")
    return {day: many for day, many in counted if day is not None}


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19
