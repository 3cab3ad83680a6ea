"""The years of the town's calendar, as they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from zhen.kernel.access.api import ROLES, Actor, permissions_of, restrict
from zhen.kernel.cases.models import CalendarDay
from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.lib.calendar import FRIDAY

VIEW = "cases.rules.view"
Kind = CalendarDay.Kind


@dataclass(frozen=True, kw_only=True)
class Year:
    """A known year. `worked` counts its working days."""

    year: int
    source: str
    approved_by: str
    holidays: Mapping[date, str] = field(default_factory=dict)
    swap_days: Mapping[date, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return str(self.year)

    @property
    def worked(self) -> int:
        return sum(self.worked_by_month().values())

    def worked_by_month(self) -> Counter[int]:
        first = date(self.year, 1, 1).toordinal()
        days = (date.fromordinal(n) for n in range(first, date(self.year + 1, 1, 1).toordinal()))
        return Counter(day.month for day in days if self.is_worked(day))

    def is_worked(self, day: date) -> bool:
        return day in self.swap_days or (day.weekday() <= FRIDAY and day not in self.holidays)


def years(actor: Actor) -> list[Year]:
    """The newest first."""
    return sorted(_years(restrict(actor, VIEW, CalendarDay.objects.order_by("day"))), key=lambda one: -one.year)


def year_of(actor: Actor, year: int) -> Year | None:
    found = _years(restrict(actor, VIEW, CalendarDay.objects.filter(day__year=year).order_by("day")))
    return next(iter(found), None)


def _years(rows: Iterable[CalendarDay]) -> list[Year]:
    days: dict[tuple[int, str], dict[date, str]] = defaultdict(dict)
    known: dict[int, CalendarDay] = {}
    for row in rows:
        if row.kind == Kind.HORIZON:
            known[row.day.year] = row
        else:
            days[row.day.year, row.kind][row.day] = row.name
    return [
        Year(
            year=year,
            source=row.source,
            approved_by=row.approved_by,
            holidays=days[year, Kind.HOLIDAY],
            swap_days=days[year, Kind.SWAP],
        )
        for year, row in known.items()
    ]


def approvers(actor: Actor, day: date) -> list[User]:
    """Who could have checked a notice that the actor enters: everybody else who may read the rules by a post."""
    reading = [role.id for role in ROLES if VIEW in permissions_of(role)]
    posts = posts_on(day).filter(role__in=reading, user__is_active=True).exclude(user_id=actor.user_id or 0)
    return sorted({post.user for post in posts.select_related("user")}, key=lambda user: (str(user), user.pk))
