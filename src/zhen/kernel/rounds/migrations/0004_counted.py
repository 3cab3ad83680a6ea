"""The database keeps the tallies of rounds as their visits change, whatever writes them (ADR 0088)."""

from django.db import migrations

# What each visit adds to its round. Who comes again does so because nobody was there: he takes that away again.
COUNTED = """
    (kind = 'round')::int AS visits,
    (kind = 'round' AND state = 'done')::int AS done,
    (kind IN ('round', 'again') AND outcome = 'seen')::int AS seen,
    (kind IN ('round', 'again') AND outcome = 'nobody')::int - (kind = 'again' AND follows_id IS NOT NULL)::int AS nobody,
    (kind IN ('round', 'again') AND outcome = 'refused')::int AS refused,
    (kind IN ('round', 'again') AND outcome = 'gone')::int AS gone,
    (kind IN ('round', 'again') AND state = 'planned')::int AS planned,
    (state = 'planned')::int AS due,
    (kind IN ('round', 'again') AND findings_count > 0)::int AS with_findings
"""
NUMBERS = ("visits", "done", "seen", "nobody", "refused", "gone", "planned", "due", "with_findings")
CHANGED = {
    "insert": ("REFERENCING NEW TABLE AS fresh", "SELECT 1 AS sign, * FROM fresh"),
    "update": (
        "REFERENCING OLD TABLE AS stale NEW TABLE AS fresh",
        "SELECT 1 AS sign, * FROM fresh UNION ALL SELECT -1, * FROM stale",
    ),
    "delete": ("REFERENCING OLD TABLE AS stale", "SELECT -1 AS sign, * FROM stale"),
}


def counting(event: str) -> str:
    """One statement of any size adds few rows: a sum for each area, and for each day. What did not change adds none."""
    tables, rows = CHANGED[event]
    sums = ", ".join(f"sum(sign * {name}) AS {name}" for name in NUMBERS)
    names = ", ".join(NUMBERS)
    some = " OR ".join(f"{name} <> 0" for name in NUMBERS)
    return f"""
CREATE FUNCTION rounds_counted_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO rounds_tally (part, round_id, area_id, planned_on, due_on, {names})
    SELECT * FROM (
        SELECT CASE WHEN GROUPING(planned_on) = 1 THEN 'area' ELSE 'day' END, round_id, area_id, planned_on, due_on, {sums}
        FROM (
            SELECT sign, round_id, area_id, planned_on, due_on, {COUNTED} FROM ({rows}) AS changed
            WHERE round_id IS NOT NULL
        ) AS counted
        GROUP BY GROUPING SETS ((round_id, area_id), (round_id, planned_on, due_on))
    ) AS summed WHERE {some};
    RETURN NULL;
END $$;
CREATE TRIGGER rounds_counted_{event} AFTER {event.upper()} ON rounds_visit {tables}
    FOR EACH STATEMENT EXECUTE FUNCTION rounds_counted_{event}();
"""  # noqa: S608  constants only


# Visits of before: counted once, as if they had just been added.
FIRST = f"""
INSERT INTO rounds_tally (part, round_id, area_id, planned_on, due_on, {", ".join(NUMBERS)})
SELECT CASE WHEN GROUPING(planned_on) = 1 THEN 'area' ELSE 'day' END, round_id, area_id, planned_on, due_on,
    {", ".join(f"sum({name})" for name in NUMBERS)}
FROM (SELECT round_id, area_id, planned_on, due_on, {COUNTED} FROM rounds_visit WHERE round_id IS NOT NULL) AS counted
GROUP BY GROUPING SETS ((round_id, area_id), (round_id, planned_on, due_on));
"""  # noqa: S608  constants only
UNCOUNTED = "".join(
    f"DROP TRIGGER rounds_counted_{event} ON rounds_visit; DROP FUNCTION rounds_counted_{event}();" for event in CHANGED
)


class Migration(migrations.Migration):
    dependencies = [("rounds", "0003_tallies")]
    operations = [
        migrations.RunSQL("".join(counting(event) for event in CHANGED), UNCOUNTED),
        migrations.RunSQL(FIRST, "DELETE FROM rounds_tally"),
    ]
