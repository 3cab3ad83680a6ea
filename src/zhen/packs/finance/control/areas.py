"""The six areas of internal control (六大业务), and what stands behind each: rules in force, figures, evidence.

Source: 《行政事业单位内部控制规范（试行）》 (财会〔2012〕21号), chapter 4.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Text
from zhen.kernel.pages.api import Missing
from zhen.packs.finance import duties
from zhen.packs.finance.control import queries
from zhen.packs.finance.control.models import ApprovalRow, PaperKind


@dataclass(frozen=True, kw_only=True)
class Area:
    """An area, the papers of it that are signed in steps, and the events that tell of something refused in it.

    `resolved`: the rows of the matrix that ask for a resolution stand here too.
    """

    id: str
    name: Text
    about: Text
    kinds: tuple[PaperKind, ...] = ()
    refused: tuple[str, ...] = ()
    resolved: bool = False

    def has(self, row: ApprovalRow) -> bool:
        return row.kind in self.kinds or (self.resolved and row.resolution)


AREAS = {
    area.id: area
    for area in (
        Area(
            id="budget",
            name=_("budget"),
            about=_(
                "Drafted, reviewed, approved and executed by different people; nothing is spent that is not in it."
            ),
            kinds=(PaperKind.CHANGE, PaperKind.PLAN),
            refused=("finance.change_refused", "finance.plan_refused"),
        ),
        Area(
            id="money",
            name=_("income and spending"),
            about=_("Each payment is asked for, approved and made by three people, and booked by itself."),
            kinds=(PaperKind.PAYMENT,),
            refused=("finance.payment_refused",),
        ),
        Area(id="procurement", name=_("procurement"), about=_("Purchases are not split, and payees are who they say.")),
        Area(id="assets", name=_("assets"), about=_("What is bought is booked as an asset with its payment.")),
        Area(
            id="construction",
            name=_("construction"),
            about=_("Large sums need a resolution before they are paid."),
            resolved=True,
        ),
        Area(
            id="contracts",
            name=_("contracts"),
            about=_("Large commitments are resolved on together, and reviewed by the legal adviser."),
            resolved=True,
        ),
    )
}


@dataclass(frozen=True, kw_only=True)
class AreaCount:
    """An area with its figures of this year."""

    area: Area
    rules: int
    refused: int
    open: int
    closed: int

    @property
    def id(self) -> str:
        return self.area.id

    @property
    def pk(self) -> str:
        return self.area.id


@dataclass(frozen=True, kw_only=True)
class InForce:
    """A rule in force, of whatever kind, with the page that shows it."""

    number: str
    kind: Text
    text: Text
    since: date | None
    url: str

    @property
    def key(self) -> str:
        return self.number


def in_force(actor: Actor, area: Area) -> list[InForce]:
    """What holds in an area today: duties kept apart, rows of the matrix, risk rules with their numbers."""
    found = [
        InForce(
            number=pair.rule, kind=_("incompatible duties"), text=pair.reason, since=None, url="/desk/finance/duties/"
        )
        for pair in duties.PAIRS
        if pair.area == area.id
    ]
    found += [
        InForce(
            number=f"M{row.pk}",
            kind=_("approval matrix"),
            text=str(row),
            since=row.valid_from,
            url=f"/desk/finance/matrix/{row.pk}/",
        )
        for row in _rows(actor)
        if area.has(row)
    ]
    found += [
        InForce(
            number=f"R-{count.risk.id}",
            kind=_("risk rule"),
            text=count.risk.name,
            since=count.setting.valid_from,
            url=f"/desk/finance/risk_rules/{count.risk.id}/",
        )
        for count in queries.risk_counts(actor)
        if count.risk.area == area.id and count.setting is not None
    ]
    return found


def _rows(actor: Actor) -> list[ApprovalRow]:
    today = clock.today()
    held = queries.rows(actor).filter(draft=False, valid_from__lte=today)
    return list(held.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).order_by("kind", "amount_from"))


def counts(actor: Actor) -> list[AreaCount]:
    """All six areas with what was refused this year, and the findings of their risk rules."""
    start = datetime.combine(date(clock.today().year, 1, 1), time.min, clock.TOWN_ZONE)
    kinds = [kind for area in AREAS.values() for kind in area.refused]
    events = journal.Event.objects.filter(kind__in=kinds, at__gte=start).order_by()
    refused = Counter(dict(events.values_list("kind").annotate(count=Count("pk"))))
    rows, risks = _rows(actor), queries.risk_counts(actor)
    return [
        AreaCount(
            area=area,
            rules=sum(pair.area == area.id for pair in duties.PAIRS)
            + sum(area.has(row) for row in rows)
            + sum(count.risk.area == area.id and count.setting is not None for count in risks),
            refused=sum(refused[kind] for kind in area.refused),
            open=sum(count.open for count in risks if count.risk.area == area.id),
            closed=sum(count.closed for count in risks if count.risk.area == area.id),
        )
        for area in AREAS.values()
    ]


def area_for(actor: Actor, key: str) -> AreaCount:
    found = next((count for count in counts(actor) if count.area.id == key), None)
    if found is None:
        raise Missing(key)
    return found
