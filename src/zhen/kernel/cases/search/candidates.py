"""The newest cases whose keys answer a query: one statement of bounded work, week after week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from zhen.kernel.lib.searching import api as searching


class Place(NamedTuple):
    """Where a search has come to: everything older than this is still to be looked through."""

    at: datetime
    case_id: int


END_OF_TIME = Place(datetime(9999, 1, 1, tzinfo=UTC), 0)

_STATEMENT = """
SELECT found.case_id, found.at
FROM generate_series(%(newest)s::int, %(oldest)s::int, -1) AS week
CROSS JOIN LATERAL (
    SELECT case_id, at FROM cases_searchentry
    WHERE ({keys}) AND (at, case_id) < (%(before)s, %(before_id)s) AND at >= %(since)s
    ORDER BY at DESC, case_id DESC LIMIT %(most)s
) AS found
LIMIT %(most)s
"""

_ENDS = """
SELECT (SELECT received_at FROM cases_case ORDER BY received_at LIMIT 1),
       (SELECT received_at FROM cases_case ORDER BY received_at DESC LIMIT 1)
"""


class Weeks(NamedTuple):
    """The weeks to look through, from the oldest moment on."""

    newest: int
    oldest: int
    since: datetime


def weeks(since: datetime | None, until: datetime | None) -> Weeks | None:
    """The weeks from which there are cases, within the asked-for time; `None` where there are none."""
    with connection.cursor() as cursor:
        cursor.execute(_ENDS)
        first, last = cursor.fetchone()
    if first is None:
        return None
    start, end = max(first, since or first), min(last, until or last)
    if start > end:
        return None
    return Weeks(searching.week_of(end), searching.week_of(start), start)


def newest(sets: Sequence[Sequence[str]], span: Weeks, before: Place, most: int) -> list[Place]:
    """At most `most` places of cases that hold all terms of one of the sets, the newest first.

    A hash may answer for another term: the texts are read again before anything is shown.
    """
    if not sets:
        return []
    keys = " OR ".join(f"keys @> {searching.key_sql('week', terms)}" for terms in sets)
    params: dict[str, Any] = {
        "newest": min(span.newest, searching.week_of(before.at)),
        "oldest": span.oldest,
        "before": before.at,
        "before_id": before.case_id,
        "since": span.since,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT.format(keys=keys), params)
        return [Place(at, case_id) for case_id, at in cursor.fetchall()]
