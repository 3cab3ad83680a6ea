"""Reading campaigns, their rounds and draws, and how far they have come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Missing
from zhen.kernel.places.api import names_at
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.models import Campaign, Draw, Round, Visit

OPENED = Q(outcome=Visit.Outcome.SEEN) | Q(outcome=Visit.Outcome.GONE)
"""What settles a subject of a round: it was seen, or is no longer there."""


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
    """Counted over the round, re-checks left out: each subject has one visit that no other follows."""
    rows = Visit.objects.filter(round=round_, kind__in=(Visit.Kind.ROUND, Visit.Kind.AGAIN))
    last = rows.exclude(outcome=Visit.Outcome.NOBODY, pk__in=_followed(round_))
    counted = last.aggregate(
        subjects=Count("pk"),
        seen=Count("pk", filter=Q(outcome="seen")),
        nobody=Count("pk", filter=Q(outcome="nobody")),
        refused=Count("pk", filter=Q(outcome="refused")),
        gone=Count("pk", filter=Q(outcome="gone")),
        planned=Count("pk", filter=Q(state="planned")),
        late=Count("pk", filter=Q(state="planned", due_on__lt=today)),
        with_findings=Count("pk", filter=Q(findings_count__gt=0)),
    )
    return Coverage(**counted)


def _followed(round_: Round) -> QuerySet[Visit]:
    rows = Visit.objects.filter(round=round_, kind=Visit.Kind.AGAIN, follows__isnull=False)
    return rows.values("follows")  # type: ignore[return-value]


@dataclass(frozen=True, kw_only=True)
class AreaShare:
    """One area of a round: visits, and those that opened."""

    name: str
    visits: int
    done: int
    with_findings: int


def by_area(round_: Round, most: int = 60) -> Sequence[AreaShare]:
    rows = Visit.objects.filter(round=round_, kind=Visit.Kind.ROUND).order_by().values("area")
    counted = list(
        rows.annotate(
            visits=Count("pk"),
            done=Count("pk", filter=Q(state="done")),
            with_findings=Count("pk", filter=Q(findings_count__gt=0)),
        ).order_by("-visits")[:most]
    )
    names = names_at((row["area"] for row in counted if row["area"]), clock.today())
    return [
        AreaShare(
            name=names.get(row["area"], "—"), visits=row["visits"], done=row["done"], with_findings=row["with_findings"]
        )
        for row in counted
    ]


def due_by_day(round_: Round) -> Mapping[date, int]:
    """How many visits are still planned for each day."""
    rows = Visit.objects.filter(round=round_, state=Visit.State.PLANNED).order_by().values("planned_on")
    return dict(rows.annotate(count=Count("pk")).values_list("planned_on", "count"))


def _is_id(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 19
