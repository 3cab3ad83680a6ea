"""The daily round of reminders: the town's rules applied to what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction

from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.lib import clock
from zhen.kernel.lib.calendar import BeyondHorizon, Workdays, seed
from zhen.kernel.notify.declarations import REMINDER_SOURCES, Due
from zhen.kernel.notify.models import ReminderRule
from zhen.kernel.notify.rules import is_due, reminder_day, span_of
from zhen.kernel.notify.sending import tell

SATURDAY = 5


def remind() -> None:
    """Send every reminder that is due and was not sent; running it twice sends nothing twice."""
    today = clock.today()
    worked = worked_days(seed())
    for rule in ReminderRule.objects.filter(active=True).order_by("id"):
        source = REMINDER_SOURCES.get(rule.source)
        if source is None:
            continue  # its pack was removed; the rule waits for its return
        for due in source.due(*span_of(rule.offset, today)):
            day = reminder_day(due.due, rule.offset, is_worked=worked if rule.working_days else None)
            if is_due(day, today, due=due.due, offset=rule.offset):
                _send(rule, source.template, due, today)


def worked_days(table: Workdays) -> Callable[[date], bool]:
    """Whether a day is worked; beyond the calendar's horizon Monday to Friday, until it is known better."""

    def is_worked(day: date) -> bool:
        try:
            return table.is_worked(day)
        except BeyondHorizon:
            return day.weekday() < SATURDAY

    return is_worked


def _send(rule: ReminderRule, template: str, due: Due, today: date) -> None:
    key = f"remind:{rule.pk}:{due.subject[0]}:{due.subject[1]}:{due.due.isoformat()}"
    with transaction.atomic():
        tell(
            template,
            recipients(rule.role, due, today),
            values={"due": due.due.isoformat(), **due.values},
            about=due.subject,
            url=due.url,
            key=key,
            channels=rule.channels,
        )


def recipients(role: str, due: Due, today: date) -> Iterable[User]:
    """The people who answer for something, or whoever holds a role in a unit that does."""
    if not role:
        return User.objects.filter(pk__in=due.people)
    held = posts_on(today).filter(role=role, unit__in=due.units)
    return User.objects.filter(pk__in=held.values("user"))
