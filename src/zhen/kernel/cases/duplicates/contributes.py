"""What following and merging declare."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.duplicates.hearing import CLOSED
from zhen.kernel.journal.api import EventKind

ITEMS = (
    EventKind(id="cases.followed", text=_("follows {number}")),
    EventKind(id="cases.unfollowed", text=_("no longer follows {number}")),
    CLOSED,
)
