"""The partitions of readings (a day each), sums per minute (a month) and sums per hour (a year), in UTC.

They are made ahead by a job, and by whoever needs one that is missing. A table is made on its own and then attached:
that locks nobody out who reads or writes another part.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction

LOCK = 0x7465_6C65  # "tele"
AHEAD = timedelta(days=8)
NAME = re.compile(r".*_(\d{4})(\d{2})?(\d{2})?")


@dataclass(frozen=True, kw_only=True)
class Parted:
    """A partitioned table. `letters`: how much of YYYYMMDD its partitions carry in their names."""

    table: str
    letters: int

    def start(self, day: date) -> date:
        """The first day of the partition that a day lies in."""
        return {8: day, 6: day.replace(day=1), 4: day.replace(month=1, day=1)}[self.letters]

    def end(self, start: date) -> date:
        match self.letters:
            case 8:
                return start + timedelta(days=1)
            case 6:
                return (start + timedelta(days=31)).replace(day=1)
            case _:
                return start.replace(year=start.year + 1)

    def name(self, day: date) -> str:
        return f"{self.table}_{day:%Y%m%d}"[: len(self.table) + 1 + self.letters]

    def day_of(self, name: str) -> date:
        match = NAME.fullmatch(name)
        assert match is not None, name
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))


READINGS = Parted(table="telemetry_reading", letters=8)
MINUTES = Parted(table="telemetry_minute", letters=6)
HOURS = Parted(table="telemetry_hour", letters=4)
ALL = (READINGS, MINUTES, HOURS)


def existing(parted: Parted) -> list[str]:
    """The partitions of a table, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid"
            " WHERE inhparent = %s::regclass ORDER BY relname",
            [parted.table],
        )
        return [name for (name,) in cursor.fetchall()]


def ensure(parted: Parted, days: Iterable[date]) -> list[str]:
    """Make the partitions that days lie in, where they are missing. Returns those that were made."""
    wanted = {parted.name(day): parted.start(day) for day in days}
    missing = sorted(wanted.keys() - set(existing(parted)))
    if not missing:
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        made = sorted(set(missing) - set(existing(parted)))
        for name in made:
            start = wanted[name]
            cursor.execute(f"CREATE TABLE {name} (LIKE {parted.table} INCLUDING ALL)")
            cursor.execute(
                f"ALTER TABLE {parted.table} ATTACH PARTITION {name} FOR VALUES FROM ('{_midnight(start)}')"
                f" TO ('{_midnight(parted.end(start))}')"
            )
    return made


def drop(parted: Parted, name: str) -> None:
    """Forget a partition. It leaves the table first, which waits for those who read it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '10s'")
        cursor.execute(f"ALTER TABLE {parted.table} DETACH PARTITION {name}")
        cursor.execute(f"DROP TABLE {name}")


def make_ahead(now: datetime) -> list[str]:
    """The partitions of the next days."""
    today = now.astimezone(UTC).date()
    days = [today + timedelta(days=number) for number in range(-1, AHEAD.days)]
    return [name for parted in ALL for name in ensure(parted, days)]


def _midnight(day: date) -> str:
    return f"{day.isoformat()} 00:00:00+00"
