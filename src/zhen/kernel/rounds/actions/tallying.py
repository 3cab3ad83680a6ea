"""Folding the tallies of rounds: many small rows become one for each area and each day."""

from __future__ import annotations

from django.db import connection

from zhen.kernel.rounds.models import Tally

NUMBERS = ("visits", "done", "seen", "nobody", "refused", "gone", "planned", "due", "with_findings")
KEYS = ("round_id", "part", "area_id", "planned_on", "due_on")


def fold_tallies() -> int:
    """Fold what has more than one row. Gives how many rows are gone; the sums stay what they were.

    Whoever records a visit meanwhile adds a row of his own, and waits for nothing.
    """
    keys, names = ", ".join(KEYS), ", ".join(NUMBERS)
    sums = ", ".join(f"sum({name})" for name in NUMBERS)
    before = Tally.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH gone AS (
                DELETE FROM rounds_tally WHERE round_id IN (
                    SELECT round_id FROM rounds_tally GROUP BY {keys} HAVING count(*) > 1
                ) RETURNING {keys}, {names}
            )
            INSERT INTO rounds_tally ({keys}, {names}) SELECT {keys}, {sums} FROM gone GROUP BY {keys}
            """  # noqa: S608  constants only
        )
    return before - Tally.objects.count()


def fold_all() -> None:
    """The job of each hour."""
    fold_tallies()
