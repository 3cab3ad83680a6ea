"""The rules of procurement as pure functions: method, splitting, times, points and rank. Amounts in fen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from zhen.kernel.lib.calendar import BeyondHorizon, Workdays

LEVELS = ("town", "city", "central")
"""From the nearest: the first level that has a row holds."""
LIMITS = ("open", "limit")
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A dated figure, as far as the rules read it."""

    code: str
    category: str
    level: str
    amount: int
    unit: str
    valid_from: date
    source: str
    confirmed: bool


def figure(rows: Iterable[Row], code: str, category: str, on: date) -> Row | None:
    """The row of the nearest level that holds on a day; of one level the latest, and one for the category first."""
    fitting = [row for row in rows if row.code == code and row.category in (category, "") and row.valid_from <= on]
    return min(
        fitting,
        key=lambda row: (LEVELS.index(row.level), row.category == "", -row.valid_from.toordinal()),
        default=None,
    )


# Method

ALWAYS = frozenset({"open"})
"""An open tender is free to choose at any amount."""
BY_REASON = frozenset({"invited", "negotiation", "consultation", "enquiry", "single"})
"""Each has conditions of its own (《政府采购法》第二十九条至第三十二条)."""


@dataclass(frozen=True, kw_only=True)
class Advice:
    """Which method an amount asks for, and by which row. `exception`: any other needs a special approval."""

    method: str
    free: frozenset[str]
    by: Row | None
    exception: bool


def advise(category: str, amount: int, rows: Sequence[Row], on: date) -> Advice:
    """The method for an amount: open tender from one figure on, procurement law from a lower one on, else a small
    purchase by the town's own rules. Without a row the stricter one holds: then everything is an open tender.
    """
    tender, limit = (figure(rows, code, category, on) for code in LIMITS)
    if tender is None or amount >= tender.amount:
        return Advice(method="open", free=ALWAYS, by=tender, exception=True)
    if limit is None or amount >= limit.amount:
        enquiry = frozenset({"enquiry"}) if category == "goods" else frozenset()
        free = frozenset({"consultation", "negotiation"}) | ALWAYS | enquiry
        return Advice(method="consultation", free=free, by=limit, exception=False)
    return Advice(method="small", free=frozenset({"small"}) | ALWAYS | BY_REASON, by=limit, exception=False)


# Splitting


@dataclass(frozen=True, kw_only=True)
class Split:
    """Needs that are below a figure one by one and reach it together."""

    by: Row
    total: int


def splitting(category: str, amount: int, others: Sequence[int], rows: Sequence[Row], on: date) -> Split | None:
    """Whether a need and others like it within the window are one need in parts (《政府采购法实施条例》第二十八条).

    The highest figure that they reach together, and that none of them reaches alone.
    """
    if not others:
        return None
    for code in LIMITS:
        row = figure(rows, code, category, on)
        if row is not None and max(amount, *others) < row.amount <= amount + sum(others):
            return Split(by=row, total=amount + sum(others))
    return None


# Times

PERIODS = {
    "open": "tender_days",
    "invited": "tender_days",
    "consultation": "consultation_days",
    "negotiation": "negotiation_days",
    "enquiry": "negotiation_days",
}


def after(row: Row, start: date, days: Workdays) -> date:
    """The last day of a period that begins on a day; that day does not count (《民法典》第二百零一条)."""
    if row.unit == "working_days":
        try:
            return days.add(start, row.amount)
        except BeyondHorizon:  # nobody has published those days: Monday to Friday
            counting = days.counting
            return date.fromordinal(counting.nth(counting.before(start.toordinal() + 1) + row.amount - 1))
    return start + timedelta(days=row.amount)


def earliest_opening(method: str, published: date, rows: Sequence[Row], days: Workdays) -> tuple[date, Row | None]:
    """The first day on which the bids may be opened."""
    code = PERIODS.get(method)
    row = figure(rows, code, "", published) if code else None
    return (after(row, published, days) if row else published), row


def fewest(method: str, rows: Sequence[Row], on: date) -> int:
    """How many suppliers must take part; of a single source it is one."""
    if method in ("single", "small"):
        return 1
    row = figure(rows, "suppliers", "", on)
    return row.amount if row else 3


# Evaluation


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A valid bid: its price, and what each member gave it for each criterion but the price."""

    key: str
    price: int
    scores: tuple[tuple[Decimal, ...], ...] = ()

    @property
    def quality(self) -> Decimal:
        """The mean of the members' sums."""
        if not self.scores:
            return Decimal(0)
        return rounded(sum((sum(one, Decimal(0)) for one in self.scores), Decimal(0)) / len(self.scores))


@dataclass(frozen=True, kw_only=True)
class Ranked:
    key: str
    rank: int
    points: Decimal | None


def rounded(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def price_points(price: int, lowest: int, weight: int) -> Decimal:
    """The lowest price gets all points, another its share: lowest ÷ price × weight (财政部令第87号第五十五条)."""
    return rounded(Decimal(lowest) / Decimal(price) * weight)


def rank(offers: Sequence[Offer], way: str, price_weight: int = 0) -> tuple[Ranked, ...]:
    """Who is first. By points, then by price; by the lowest price, then by quality. What is equal shares its rank.

    Source: 《政府采购货物和服务招标投标管理办法》（财政部令第87号）第五十六条、第五十七条.
    """
    lowest = min((offer.price for offer in offers), default=0)
    points: Mapping[str, Decimal] = (
        {one.key: one.quality + price_points(one.price, lowest, price_weight) for one in offers}
        if way == "scored"
        else {}
    )

    def order(offer: Offer) -> tuple[Decimal, Decimal]:
        if way == "scored":
            return -points[offer.key], Decimal(offer.price)
        return Decimal(offer.price), -offer.quality

    ordered = sorted(offers, key=lambda offer: (order(offer), offer.key))
    ranks: list[Ranked] = []
    for place, offer in enumerate(ordered, 1):
        shared = place > 1 and order(offer) == order(ordered[place - 2])
        ranks.append(Ranked(key=offer.key, rank=ranks[-1].rank if shared else place, points=points.get(offer.key)))
    return tuple(ranks)
