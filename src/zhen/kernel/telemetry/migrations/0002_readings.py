"""The partitioned tables of readings and sums, and the newest reading of each device and metric.

No foreign keys: a reading is written by COPY, and a day is forgotten by DROP. The primary key refuses a reading a second
time. `telemetry_latest` leaves room on its pages, so that an update stays on its page (HOT) and no index grows.

Triggers raise the edition with every change of devices and limits, so that running processes know when to read them
again.
"""

from django.db import migrations

READING = """
CREATE TABLE telemetry_reading (
    device_id integer NOT NULL,
    metric_id smallint NOT NULL,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    device_at timestamptz,
    value double precision NOT NULL CHECK (value NOT IN ('NaN', 'Infinity', '-Infinity')),
    PRIMARY KEY (device_id, metric_id, at)
) PARTITION BY RANGE (at);
CREATE INDEX telemetry_reading_received ON telemetry_reading USING brin (received_at);
CREATE TABLE telemetry_latest (
    device_id integer NOT NULL,
    metric_id smallint NOT NULL,
    at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    value double precision NOT NULL,
    unsummed_from timestamptz,
    PRIMARY KEY (device_id, metric_id)
) WITH (fillfactor = 50);
"""
SUM = """
CREATE TABLE telemetry_{name} (
    device_id integer NOT NULL,
    metric_id smallint NOT NULL,
    at timestamptz NOT NULL,
    count integer NOT NULL CHECK (count > 0),
    low double precision NOT NULL,
    high double precision NOT NULL,
    total double precision NOT NULL,
    PRIMARY KEY (device_id, metric_id, at),
    CHECK (low <= high)
) PARTITION BY RANGE (at);
"""
EDITION = """
CREATE TABLE telemetry_edition (one boolean PRIMARY KEY DEFAULT true CHECK (one), value bigint NOT NULL);
INSERT INTO telemetry_edition (value) VALUES (1);
CREATE FUNCTION telemetry_next_edition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE telemetry_edition SET value = value + 1;
    RETURN NULL;
END
$$;
CREATE TRIGGER telemetry_device_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON telemetry_device
    FOR EACH STATEMENT EXECUTE FUNCTION telemetry_next_edition();
CREATE TRIGGER telemetry_ruleparameter_edition AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON telemetry_ruleparameter
    FOR EACH STATEMENT EXECUTE FUNCTION telemetry_next_edition();
"""
NO_EDITION = """
DROP TRIGGER telemetry_device_edition ON telemetry_device;
DROP TRIGGER telemetry_ruleparameter_edition ON telemetry_ruleparameter;
DROP FUNCTION telemetry_next_edition;
DROP TABLE telemetry_edition;
"""
GONE = "DROP TABLE telemetry_reading, telemetry_latest, telemetry_minute, telemetry_hour;"


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0001_initial")]
    operations = [
        migrations.RunSQL(READING + SUM.format(name="minute") + SUM.format(name="hour"), GONE),
        migrations.RunSQL(EDITION, NO_EDITION),
    ]
