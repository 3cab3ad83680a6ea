"""The town's calendar: a year's notice is entered, and dates beyond it stop being provisional."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.models import CalendarDay, Edition
from zhen.kernel.jobs.api import enqueue
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import calendar
from zhen.kernel.lib.refusals import Refused

CHANGE = "cases.rules.change"


@action(CHANGE)
def enter_year(
    actor: Actor, year: int, *, holidays: Collection[date], swap_days: Collection[date], source: str, approved_by: str
) -> None:
    """Enter the official notice of a year: which weekdays are free, which weekend days are worked.

    Years follow one another without a gap. A year that is entered again replaces its days. All provisional dates are
    reckoned anew afterwards.
    """
    source = source.strip()
    wrong = [day for day in (*holidays, *swap_days) if day.year != year]
    if wrong or set(holidays) & set(swap_days):
        raise Refused(
            field=_("days"),
            value=wrong[0] if wrong else min(set(holidays) & set(swap_days)),
            reason=_("it lies outside the year, or is both a holiday and a swap day"),
            remedy=_("Mend the list"),
        )
    for field, value in ((_("source"), source), (_("approved by"), approved_by.strip())):
        if not value:
            raise Refused(
                field=field, value="", reason=_("it is missing"), remedy=_("Name the notice and who approved it")
            )
    known = _known_years()
    if not min(known) <= year <= max(known) + 1:
        raise Refused(
            field=_("year"),
            value=year,
            reason=_("the years up to %(last)s are known, and years follow one another") % {"last": max(known)},
            remedy=_("Enter the years before it first"),
        )
    CalendarDay.objects.filter(day__year=year).delete()
    kinds = ((holidays, CalendarDay.Kind.HOLIDAY), (swap_days, CalendarDay.Kind.SWAP))
    rows = [(day, kind) for days, kind in kinds for day in sorted(set(days))]
    rows.append((date(year, 1, 1), CalendarDay.Kind.HORIZON))
    CalendarDay.objects.bulk_create(
        CalendarDay(day=day, kind=kind, source=source, approved_by=approved_by.strip()) for day, kind in rows
    )
    journal.record(
        "cases.year_entered",
        by=actor,
        subject=("cases.calendarday", year),
        data={"year": year, "holidays": len(holidays), "swap_days": len(swap_days), "source": source},
    )
    enqueue("cases.reckon_anew")


def _known_years() -> set[int]:
    """The years of the table. An empty table gets those of the library first, as the town has used them so far."""
    Edition.objects.select_for_update().get(pk=1)
    years = {
        row.year for row in CalendarDay.objects.filter(kind=CalendarDay.Kind.HORIZON).values_list("day", flat=True)
    }
    if years:
        return years
    seed = calendar.seed()
    known = range(seed.first.year, seed.last.year + 1)
    days = [
        *((day, CalendarDay.Kind.HOLIDAY) for day in sorted(seed.holidays)),
        *((day, CalendarDay.Kind.SWAP) for day in sorted(seed.swap_days)),
        *((date(year, 1, 1), CalendarDay.Kind.HORIZON) for year in known),
    ]
    CalendarDay.objects.bulk_create(CalendarDay(day=day, kind=kind, source=seed.source) for day, kind in days)
    return set(known)
