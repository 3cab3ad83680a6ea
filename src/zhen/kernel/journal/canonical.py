"""The bytes that are sealed: the same row gives the same bytes on every machine and version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.db import connection

from zhen.kernel.lib import merkle

ROWS = """
SELECT id, transaction, (extract(epoch FROM at) * 1000000)::bigint, kind, actor_kind, actor_id, actor_name,
       subject_type, subject_id, area_id, unit_id, data::text
  FROM journal_event
 WHERE {where}
 ORDER BY transaction, id
"""
"""`at` leaves as whole microseconds since 1970 (UTC); `data` as text, so that no number is rounded."""


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def sm3(data: bytes) -> bytes:
    """GB/T 32905-2016."""
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


ALGORITHMS: dict[str, merkle.Hash] = {"sha256": sha256, "sm3": sm3}
"""SHA-256 goes with ZHEN_CIPHERS=aes, SM3 with ZHEN_CIPHERS=sm. Each seal says which one it used."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """An event as it is sealed."""

    id: int
    transaction: int
    canonical: bytes


@dataclass(frozen=True, kw_only=True, order=True)
class Place:
    """A place in reading order."""

    transaction: int
    event: int


START = Place(transaction=-1, event=0)


def rows_between(after: Place, upto: Place, *, limit: int | None = None) -> Iterator[Row]:
    """The events after one place and up to another, in reading order."""
    where = "(transaction, id) > (%s, %s) AND (transaction, id) <= (%s, %s)"
    parameters: list[Any] = [after.transaction, after.event, upto.transaction, upto.event]
    if after == START:  # also what was put before the beginning
        where, parameters = "(transaction, id) <= (%s, %s)", parameters[2:]
    return _rows(ROWS.format(where=where) + (f" LIMIT {int(limit)}" if limit else ""), parameters)


def count_after(place: Place) -> int:
    """How many events come after a place."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM journal_event WHERE (transaction, id) > (%s, %s)", [place.transaction, place.event]
        )
        return int(cursor.fetchone()[0])


def rows_with(ids: Sequence[int]) -> Iterator[Row]:
    return _rows(ROWS.format(where="id = ANY(%s)"), [list(ids)])


def _rows(query: str, parameters: Sequence[Any]) -> Iterator[Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        for found in cursor.fetchall():
            yield Row(id=found[0], transaction=found[1], canonical=canonical(found))


def canonical(row: Sequence[Any]) -> bytes:
    """A JSON array of the columns, keys sorted, without spaces, in UTF-8.

    Numbers with a fraction stand as text after a NUL (which no JSON text in PostgreSQL holds), so that
    1.10 and 1.1 differ and no machine's floating point comes in.
    """
    *columns, data = row
    return in_json([*columns, json.loads(data, parse_float=lambda number: f"\x00{number}")])


def in_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
