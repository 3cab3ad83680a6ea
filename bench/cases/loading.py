"""Fills a demo town with the cases of three years: `python -m bench.cases.loading NUMBER`.

Every case is one of the demo's own lives, told again on another day, at another place and in other words, with its
clocks, ways, words, reporter, entry of the search, tallies and journal. So what stands in the tables is what the
engine itself writes. Set-based, as the superuser of the town's server; only benchmarks may do so.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import django
import psycopg
from django.db import connection, models

if __name__ == "__main__":
    django.setup()

from zhen.kernel.cases.api import count_pairs, rebuild_sums
from zhen.kernel.cases.models import (
    Case,
    CaseUnit,
    Clock,
    Comment,
    Reporter,
    SearchEntry,
    Tally,
)
from zhen.kernel.cases.tests.writing import tell_anything
from zhen.kernel.lib.geometry import api as geometry
from zhen.kernel.lib.searching import api as searching
from zhen.runtime import postgres
from zhen.runtime import settings as runtime_settings
from zhen.runtime.files import read_state
from zhen.runtime.ports import LOOPBACK

DAYS = 3 * 365
TEXTS = 20_000
OPEN_SHARE = 0.01
"""Of all cases so many are open: what comes in within eleven days."""
KIND = "grid.case"
CHILDREN: tuple[type[models.Model], ...] = (Clock, CaseUnit, Comment, Reporter, Tally)
HEAVY = ("cases_case", "cases_clock", "cases_caseunit", "cases_comment", "cases_reporter", "cases_tally",
         "cases_searchentry", "journal_event")  # fmt: skip
"""Their indexes are dropped while they are filled, and made at once."""


def address(home: Path) -> str:
    """The town's database, as its superuser."""
    state = read_state(home / "postgres.json")
    return f"postgresql://{postgres.SUPERUSER}:{state['superuser_password']}@{LOOPBACK}:{state['port']}/{postgres.DATABASE}"


def load(db: psycopg.Connection[Any], wanted: int) -> int:
    """Bring the town to `wanted` cases. Returns how many were added."""
    (there,) = db.execute("SELECT count(*) FROM cases_case").fetchone() or (0,)
    if there >= wanted:
        return 0
    db.execute("SET session_replication_role = replica")  # neither foreign keys nor triggers a row
    db.execute("SET synchronous_commit = off")
    db.execute("SET maintenance_work_mem = '1GB'")
    db.execute("SET work_mem = '256MB'")
    if not there or not db.execute("SELECT to_regclass('bench_text')").fetchone()[0]:  # type: ignore[index]
        _texts(db)
    with _without_indexes(db):
        _copies(db, wanted - there)
        db.execute("SELECT setval(pg_get_serial_sequence('cases_case', 'id'), (SELECT max(id) FROM bench_copy))")
        _step(db, "cases", _cases())
        for model in CHILDREN:
            _step(db, model._meta.db_table, _children(model))
        _step(db, "search entries", _ENTRIES)
        _step(db, "journal", _JOURNAL)
    start = perf_counter()
    db.execute("DROP TABLE bench_copy")
    db.execute("ANALYZE")
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '512MB'")
    rebuild_sums()
    count_pairs()
    db.execute("ANALYZE cases_tallysum")
    print(f"  sums and pairs in {perf_counter() - start:.1f} s", flush=True)
    return wanted - there


def _texts(db: psycopg.Connection[Any]) -> None:
    """What the cases say and where they are: places of the town's buildings with the areas they lie in."""
    random = Random(11)
    db.execute(
        "CREATE UNLOGGED TABLE bench_text (id int PRIMARY KEY, title text, text text, address text, lon float8,"
        " lat float8, h3_11 bigint, h3_9 bigint, area bigint, terms int[])"
    )
    db.execute(
        "CREATE UNLOGGED TABLE bench_life AS SELECT id, open, row_number() OVER (PARTITION BY open ORDER BY id) - 1"
        f" AS n, count(*) OVER (PARTITION BY open) AS of FROM cases_case"
        f" WHERE type = '{KIND}' AND number NOT LIKE 'B-%'"  # not what an earlier run told again
    )
    db.execute("ANALYZE bench_life")
    spots = db.execute(
        "SELECT lon, lat, parent_id FROM places_placeversion v JOIN places_place p ON p.id = v.place_id"
        " WHERE p.kind = 'building' AND lon IS NOT NULL AND parent_id IS NOT NULL ORDER BY v.id"
    ).fetchall()
    with db.cursor().copy("COPY bench_text FROM STDIN") as copy:
        for number in range(TEXTS):
            told = tell_anything(random)
            lon, lat, area = random.choice(spots)
            lon, lat = lon + random.uniform(-1, 1) / 2_000, lat + random.uniform(-1, 1) / 2_000
            cell = geometry.cell(lon, lat)
            terms = searching.keys_of(searching.terms_of((told.title, told.address, told.text)), 0)
            copy.write_row(
                (number, told.title, told.text, told.address, lon, lat, cell, geometry.parent(cell, 9), area, terms)
            )


def _copies(db: psycopg.Connection[Any], number: int) -> None:
    """Which life is told again as which case: the ended ones over three years, the open ones of the last days."""
    open_ = max(1, int(number * OPEN_SHARE))
    db.execute("DROP TABLE IF EXISTS bench_copy")
    db.execute(
        f"""
        CREATE UNLOGGED TABLE bench_copy AS
        SELECT (SELECT coalesce(max(id), 0) FROM cases_case) + made.n AS id, life.id AS life,
            make_interval(days => made.days) AS earlier, (random() * {TEXTS - 1})::int AS told
        FROM (
            SELECT n, n > %(ended)s AS open,
                (CASE WHEN n > %(ended)s THEN 0 ELSE 1 + random() * %(days)s END)::int AS days
            FROM generate_series(1, %(number)s) n
        ) made JOIN bench_life life ON life.open = made.open AND life.n = made.n %% life.of
        """,
        {"number": number, "ended": number - open_, "days": DAYS},
    )
    db.execute("CREATE INDEX ON bench_copy (life)")
    db.execute("ANALYZE bench_copy")


def _column(field: models.Field[Any, Any]) -> str:
    if isinstance(field, models.DateTimeField):
        return f"o.{field.column} - c.earlier"
    if isinstance(field, models.DateField):
        return f"(o.{field.column} - c.earlier)::date"
    if isinstance(field, models.UUIDField) and field.primary_key:
        return "gen_random_uuid()"
    return f"o.{field.column}"


def _insert(model: type[models.Model], instead: dict[str, str], join: str) -> str:
    """Rows of a table told again: times earlier, some columns otherwise, own keys from their sequence."""
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField) or f.column in instead]
    names = ", ".join(f'"{field.column}"' for field in fields)
    given = ", ".join(instead.get(str(field.column)) or _column(field) for field in fields)
    table = model._meta.db_table
    return f"INSERT INTO {table} ({names}) SELECT {given} FROM bench_copy c JOIN {table} o ON {join}"


def _cases() -> str:
    new = {
        "id": "c.id",
        "number": "'B-' || extract(year FROM o.received_at - c.earlier) || '-' || lpad(c.id::text, 8, '0')",
        "source_ref": "''",
        "parent_id": "NULL",
        **{name: f"t.{name}" for name in ("title", "text", "address", "lon", "lat", "h3_11", "h3_9")},
        "area_id": "t.area",
    }
    return _insert(Case, new, "o.id = c.life JOIN bench_text t ON t.id = c.told")


def _children(model: type[models.Model]) -> str:
    new = {"case_id": "c.id"}
    join = "o.case_id = c.life"
    if model is Tally:
        new |= {"area": "t.area", "h3_9": "CASE WHEN o.h3_9 = 0 THEN 0 ELSE t.h3_9 END"}
        join += " JOIN bench_text t ON t.id = c.told"
    return _insert(model, new, join)


_ENTRIES = f"""
INSERT INTO {SearchEntry._meta.db_table} (case_id, at, keys)
SELECT made.id, made.at,
    array(SELECT (made.week << {searching.TERM_BITS}) | term FROM unnest(made.terms) term ORDER BY 1)
FROM (
    SELECT c.id, o.received_at - c.earlier AS at, t.terms,
        floor(extract(epoch FROM o.received_at - c.earlier - %(first)s::timestamptz) / 604800)::int AS week
    FROM bench_copy c JOIN cases_case o ON o.id = c.life JOIN bench_text t ON t.id = c.told
) made
ON CONFLICT DO NOTHING  -- the town's own worker looks for cases without an entry
"""
_JOURNAL = """
INSERT INTO journal_event (at, transaction, kind, actor_kind, actor_id, actor_name, subject_type, subject_id, area_id,
    unit_id, data)
SELECT o.at - c.earlier, o.transaction, o.kind, o.actor_kind, o.actor_id, o.actor_name, o.subject_type, c.id::text,
    t.area, o.unit_id, o.data
FROM bench_copy c JOIN journal_event o ON o.subject_type = 'cases.case' AND o.subject_id = c.life::text
    JOIN bench_text t ON t.id = c.told
"""


def _step(db: psycopg.Connection[Any], name: str, text: str) -> None:
    start = perf_counter()
    cursor = db.execute(text, {"first": searching.FIRST_DAY} if "%(first)s" in text else None)
    print(f"  {name}: {cursor.rowcount} rows in {perf_counter() - start:.1f} s", flush=True)


@contextmanager
def _without_indexes(db: psycopg.Connection[Any]) -> Iterator[None]:
    """Indexes that hold no constraint are dropped and made again; those that do stay."""
    rows = db.execute(
        "SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
        " JOIN pg_class t ON t.oid = i.indrelid WHERE t.relname = ANY(%s) AND NOT i.indisunique",
        [list(HEAVY)],
    ).fetchall()
    for name, _definition in rows:
        db.execute(f'DROP INDEX "{name}"')
    try:
        yield
    finally:
        start = perf_counter()
        for _name, definition in rows:
            db.execute(definition)
        print(f"  {len(rows)} indexes in {perf_counter() - start:.1f} s", flush=True)


def main(wanted: int) -> None:
    start = perf_counter()
    with psycopg.connect(address(runtime_settings.load().home), autocommit=True) as db:
        added = load(db, wanted)
    print(f"{added} cases loaded in {perf_counter() - start:.1f} s", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
