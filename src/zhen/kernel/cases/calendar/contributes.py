"""What the calendar adds to the case engine."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.calendar import rescheduling
from zhen.kernel.cases.calendar.screens import PAGES
from zhen.kernel.journal.api import EventKind

EVENTS = (
    EventKind(id="cases.year_entered", text=_("entered the calendar of {year}: {source}")),
    EventKind(id="cases.year_corrected", text=_("corrected the calendar of {year}: {source}")),
)
ITEMS = (*EVENTS, *rescheduling.EVENTS, *rescheduling.JOBS, *PAGES)
