"""Entering a year's notice, or a correction of it; running clocks are reckoned anew afterwards."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, ActorKind, action
from zhen.kernel.cases.calendar.queries import approvers
from zhen.kernel.cases.calendar.values import YearNotice
from zhen.kernel.cases.models import CalendarDay, Edition
from zhen.kernel.jobs.api import enqueue
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import calendar, clock
from zhen.kernel.lib.calendar import FRIDAY
from zhen.kernel.lib.refusals import Refused

CHANGE = "cases.rules.change"


@action(CHANGE)
def enter_year(actor: Actor, notice: YearNotice) -> None:
    """Enter the official notice of a year, or correct one that was entered: its days are replaced.

    Years follow one another without a gap. All running clocks that lie in the year are reckoned anew afterwards: a day
    that is declared free, or taken back, holds for everybody whose time runs on it.
    """
    check(notice)
    notice = _approved(actor, notice)
    known = _known_years()
    _check_order(notice.year, known)
    before = days_of(notice.year)
    CalendarDay.objects.filter(day__year=notice.year).delete()
    CalendarDay.objects.bulk_create(notice.rows())
    after = days_of(notice.year)
    journal.record(
        "cases.year_corrected" if notice.year in known else "cases.year_entered",
        by=actor,
        subject=("cases.calendarday", notice.year),
        data={
            "year": notice.year,
            "holidays": len(notice.holidays),
            "swap_days": len(notice.swap_days),
            "source": notice.source.strip(),
            "approved_by": notice.approved_by.strip(),
            "approver": notice.approver,
            "taken": sorted(f"{day}:{kind}" for day, kind in (before - after)),
            "added": sorted(f"{day}:{kind}" for day, kind in (after - before)),
        },
    )
    enqueue("cases.reckon_anew", year=notice.year)


def _approved(actor: Actor, notice: YearNotice) -> YearNotice:
    """The notice with the name that the register knows. What Zhen itself enters names the office that published it."""
    if actor.kind is ActorKind.SYSTEM:
        return notice
    checkers = {user.pk: user for user in approvers(actor, clock.today())}
    if notice.approver not in checkers:
        raise Refused(
            field=_("approved by"),
            value=notice.approved_by,
            reason=_("it must be a colleague who may read the rules, and not yourself"),
            remedy=_("Choose one of the list"),
        )
    return replace(notice, approved_by=str(checkers[notice.approver])[:100])


def days_of(year: int) -> set[tuple[date, str]]:
    rows = CalendarDay.objects.filter(day__year=year).exclude(kind=CalendarDay.Kind.HORIZON)
    return set(rows.values_list("day", "kind"))


def check(notice: YearNotice) -> None:
    """What can be said of a notice by itself. Raises Refused."""
    days = Counter([*notice.holidays, *notice.swap_days])
    for wrong, reason in (
        ([day for day in days if day.year != notice.year], _("it lies outside the year")),
        ([day for day, count in days.items() if count > 1], _("it is both a day off and a swap day")),
        (
            [day for day in notice.swap_days if day.weekday() <= FRIDAY],
            _("only a Saturday or a Sunday can be a swap day"),
        ),
    ):
        if wrong:
            raise Refused(field=_("days"), value=min(wrong), reason=reason, remedy=_("Mend the list"))
    for field, value in ((_("source"), notice.source), (_("approved by"), notice.approved_by)):
        if not value.strip():
            raise Refused(
                field=field, value="", reason=_("it is missing"), remedy=_("Name the notice and who approved it")
            )


def _check_order(year: int, known: set[int]) -> None:
    if not min(known) <= year <= max(known) + 1:
        raise Refused(
            field=_("year"),
            value=year,
            reason=_("the years up to %(last)s are known, and years follow one another") % {"last": max(known)},
            remedy=_("Enter the years before it first"),
        )


def _known_years() -> set[int]:
    """The years of the table. An empty table gets those of the library first, as the town has used them so far."""
    Edition.objects.select_for_update().get(pk=1)
    years = {
        row.year for row in CalendarDay.objects.filter(kind=CalendarDay.Kind.HORIZON).values_list("day", flat=True)
    }
    return years or fill(CalendarDay)


def fill(model: type[CalendarDay]) -> set[int]:
    """Lay down the years of the library. `model`: as it stands now, or in a migration."""
    seed = calendar.seed()
    known = range(seed.first.year, seed.last.year + 1)
    days = [
        *((day, CalendarDay.Kind.HOLIDAY) for day in sorted(seed.holidays)),
        *((day, CalendarDay.Kind.SWAP) for day in sorted(seed.swap_days)),
        *((date(year, 1, 1), CalendarDay.Kind.HORIZON) for year in known),
    ]
    model.objects.bulk_create(model(day=day, kind=kind, source=seed.source) for day, kind in days)
    return set(known)
