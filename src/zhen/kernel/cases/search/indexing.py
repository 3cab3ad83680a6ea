"""Writing the index: in the transaction of the case, and for many cases at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.declarations import CaseType
from zhen.kernel.cases.models import Case, SearchEntry
from zhen.kernel.lib.searching import api as searching

BATCH = 1_000

_WRITE = """
INSERT INTO cases_searchentry (case_id, at, keys) VALUES (%s, %s, %s)
ON CONFLICT (case_id) DO UPDATE SET at = EXCLUDED.at, keys = EXCLUDED.keys
WHERE (cases_searchentry.at, cases_searchentry.keys) IS DISTINCT FROM (EXCLUDED.at, EXCLUDED.keys)
"""


def entry_of(case: Case) -> SearchEntry:
    """The entry of a case. Its number is not in it: numbers are looked up as such."""
    terms = searching.terms_of((case.title, case.address, case.text))
    keys = searching.keys_of(terms, searching.week_of(case.received_at))
    return SearchEntry(case_id=case.pk, at=case.received_at, keys=keys)


def index(_actor: Actor, case: Case, _type: CaseType) -> None:
    """Write the entry of a case that was received or edited; nothing is written where its words are the same."""
    entry = entry_of(case)
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [entry.case_id, entry.at, entry.keys])


def index_many(cases: Iterable[Case]) -> int:
    """Write the entries of cases that have none (an import, a benchmark). Returns how many were given."""
    entries = [entry_of(case) for case in cases]
    SearchEntry.objects.bulk_create(entries, batch_size=BATCH, ignore_conflicts=True)
    return len(entries)


def index_missing(limit: int | None = None) -> int:
    """Give an entry to each case that has none, the newest first. Returns how many were written."""
    done = 0
    rows = Case.objects.filter(~Exists(SearchEntry.objects.filter(case=OuterRef("pk")))).only(*_ONLY)
    while limit is None or done < limit:
        batch: list[Any] = list(rows.order_by("-received_at", "-pk")[:BATCH])
        if not batch:
            break
        done += index_many(batch)
    return done


_ONLY = ("title", "address", "text", "received_at")
