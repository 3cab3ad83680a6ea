"""Sums that were asked for are kept in memory for as long as nothing more has been booked."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock
from time import monotonic
from typing import Any

from django.db import connection

from zhen.kernel.cases.figures.booking import CONSUMER
from zhen.kernel.journal.api import Position
from zhen.kernel.lib.once import is_reading, once

MOST = 300
SECONDS = 60
"""What was mended by hand, without booking, is seen after so long."""
Rows = Sequence[tuple[Any, ...]]

_lock = Lock()
_kept: OrderedDict[Hashable, Rows] = OrderedDict()


@once
def _booked() -> tuple[int, int] | None:
    """How far the books go: with each booking this number changes, so what was summed before is not used again."""
    return Position.objects.filter(pk=CONSUMER.id).values_list("transaction", "event").first()


def fetched(text: str, params: Sequence[Any]) -> Rows:
    """The rows of a query over tallies and sums. While a page is read, from memory where the books have not moved."""
    booked = _booked() if is_reading() else None
    if booked is None:
        return _asked(text, params)
    key = (booked, int(monotonic() // SECONDS), text, repr(params))
    with _lock:
        rows = _kept.get(key)
        if rows is not None:
            _kept.move_to_end(key)
            return rows
    rows = _asked(text, params)
    with _lock:
        _kept[key] = rows
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return rows


def _asked(text: str, params: Sequence[Any]) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(text, params)
        return tuple(cursor.fetchall())
