"""What time limits add to the case engine."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.limits.screens import PAGES
from zhen.kernel.journal.api import EventKind

EVENTS = (
    EventKind(id="cases.limit_proposed", text=_("proposed {length} for “{name}” of “{category}” from {valid_from} on")),
    EventKind(id="cases.limit_approved", text=_("approved {length} for “{name}” of “{category}” from {valid_from} on")),
    EventKind(id="cases.limit_withdrawn", text=_("took back the proposal of {length} for “{name}” of “{category}”")),
    EventKind(id="cases.limits_laid", text=_("laid down {number} time limits for {types}")),
    EventKind(id="cases.limit_ended", text=_("ended the limit of {length} for “{name}” of “{category}”")),
)
ITEMS = (*EVENTS, *PAGES)
