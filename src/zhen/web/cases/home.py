"""Cases on the desk's first screen: what is mine, what is late, what just came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Queue, Wanted, count_up_to, inbox, types_for
from zhen.web.cases.inbox import written_count
from zhen.web.cases.rows import Row, rows_of

MOST = 5
PANELS = (
    (Queue.MINE, _("My cases"), _("No case is assigned to you.")),
    (Queue.OVERDUE, _("Overdue cases"), _("No case within your reach is overdue.")),
    (Queue.NEW, _("Cases just in"), _("Nothing has come in that somebody has not looked at.")),
)


@dataclass(frozen=True, kw_only=True)
class Panel:
    title: str | Promise
    url: str
    count: str
    rows: tuple[Row, ...]
    empty: str | Promise


def panels(actor: Actor, now: datetime) -> list[Panel]:
    """Three short lists, each leading to its queue; none for those who see no cases. Eight queries."""
    if not types_for(actor):
        return []
    counts = count_up_to(actor, [queue for queue, _title, _empty in PANELS], now)
    slices = [inbox(actor, Wanted(queue=queue), now, size=MOST) for queue, _title, _empty in PANELS]
    rows = iter(rows_of([case for part in slices for case in part.cases], now))
    return [
        Panel(
            title=title,
            url=f"{reverse('cases:inbox')}?queue={queue.value}",
            count=written_count(count),
            rows=tuple(next(rows) for _case in part.cases),
            empty=empty,
        )
        for (queue, title, empty), part, count in zip(PANELS, slices, counts, strict=True)
    ]
