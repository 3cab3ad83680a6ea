"""What every page of one thing may show at its end."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import timeline
from zhen.kernel.pages.api import Panel

HISTORY = Panel(
    id="history",
    title=_("history"),
    form="timeline",
    source=lambda _actor, subject: timeline(subject),
    wide=True,
)
"""What the journal tells of the thing, the newest first."""
