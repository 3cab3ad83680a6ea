"""Taking from the application's database role the power to switch the journal's triggers off.

The role owns the tables, because it runs the migrations, and an owner may alter his tables. A superuser can put
an event trigger above it: after every change of a schema, the journal's triggers must still be on.
"""

from __future__ import annotations

import psycopg

GUARD = """
CREATE OR REPLACE FUNCTION journal_guard() RETURNS event_trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN
        RETURN;
    END IF;
    IF (SELECT count(*) FROM pg_trigger
         WHERE tgrelid IN (to_regclass('public.journal_event'), to_regclass('public.journal_seal'))
           AND tgname IN ('journal_event_append_only', 'journal_event_no_truncate',
                          'journal_seal_append_only', 'journal_seal_no_truncate')
           AND tgenabled = 'A' AND tgfoid = 'public.journal_refuse'::regproc) < 4 THEN
        RAISE EXCEPTION 'the journal stays append-only: its triggers cannot be switched off or removed'
            USING ERRCODE = 'insufficient_privilege', HINT = 'See docs/howto/audit.md.';
    END IF;
END
$$;
ALTER FUNCTION journal_refuse() OWNER TO CURRENT_USER;
DROP EVENT TRIGGER IF EXISTS journal_guard;
CREATE EVENT TRIGGER journal_guard ON ddl_command_end EXECUTE FUNCTION journal_guard();
ALTER EVENT TRIGGER journal_guard ENABLE ALWAYS;
"""


def guard(superuser_url: str) -> None:
    """Install the guard in the database that `superuser_url` leads to. Safe to repeat."""
    with psycopg.connect(superuser_url, connect_timeout=10) as session:
        session.execute(GUARD)
