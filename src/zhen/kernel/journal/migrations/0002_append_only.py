"""What Django cannot say: append-only tables, and the clock by which the journal is read.

`journal_clock.shift` is added to PostgreSQL's transaction ids. It is 0 until the database is
restored into a new cluster, whose ids start again from the beginning: `journal_mend_clock()` then
moves the shift so that new events still come after all old ones. `zhen prepare` calls it.
"""

from django.db import migrations

FORWARD = """
CREATE TABLE journal_clock (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    shift bigint NOT NULL DEFAULT 0 CHECK (shift >= 0)
);
INSERT INTO journal_clock DEFAULT VALUES;

CREATE FUNCTION journal_horizon() RETURNS bigint LANGUAGE sql STABLE AS $$
    -- every transaction below it has ended
    SELECT (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint + shift FROM journal_clock
$$;

CREATE FUNCTION journal_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- whatever the client says: an event belongs to the transaction that writes it
    SELECT (pg_current_xact_id()::text)::bigint + shift INTO STRICT NEW.transaction FROM journal_clock;
    RETURN NEW;
END
$$;

CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Record a new event that corrects the old one.';
END
$$;

CREATE FUNCTION journal_mend_clock() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    latest bigint;
    current bigint;
    moved bigint := 0;
BEGIN
    LOCK TABLE journal_event IN EXCLUSIVE MODE;  -- no writer is on its way
    SELECT max(transaction) INTO latest FROM journal_event;
    SELECT (pg_snapshot_xmax(pg_current_snapshot())::text)::bigint + shift INTO current FROM journal_clock;
    IF latest >= current THEN
        moved := latest - current + 1;
        UPDATE journal_clock SET shift = shift + moved;
    END IF;
    RETURN moved;
END
$$;

CREATE TRIGGER journal_event_stamp BEFORE INSERT ON journal_event
    FOR EACH ROW EXECUTE FUNCTION journal_stamp();
CREATE TRIGGER journal_event_append_only BEFORE UPDATE OR DELETE ON journal_event
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_event_no_truncate BEFORE TRUNCATE ON journal_event
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_seal_append_only BEFORE UPDATE OR DELETE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();
CREATE TRIGGER journal_seal_no_truncate BEFORE TRUNCATE ON journal_seal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse();

-- ALWAYS: also in sessions that turn ordinary triggers off with session_replication_role.
ALTER TABLE journal_event ENABLE ALWAYS TRIGGER journal_event_append_only;
ALTER TABLE journal_event ENABLE ALWAYS TRIGGER journal_event_no_truncate;
ALTER TABLE journal_seal ENABLE ALWAYS TRIGGER journal_seal_append_only;
ALTER TABLE journal_seal ENABLE ALWAYS TRIGGER journal_seal_no_truncate;
"""

BACKWARD = """
DROP TRIGGER journal_event_stamp ON journal_event;
DROP TRIGGER journal_event_append_only ON journal_event;
DROP TRIGGER journal_event_no_truncate ON journal_event;
DROP TRIGGER journal_seal_append_only ON journal_seal;
DROP TRIGGER journal_seal_no_truncate ON journal_seal;
DROP FUNCTION journal_stamp(), journal_refuse(), journal_horizon(), journal_mend_clock();
DROP TABLE journal_clock;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
