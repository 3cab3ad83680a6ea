"""The partitioned tables of readings and sums, and the newest reading of each device and metric.

No foreign keys: a reading is written by COPY, and a day is forgotten by DROP. The primary key refuses a reading a second
time. `telemetry_latest` leaves room on its pages, so that an update stays on its page (HOT) and no index grows.
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
GONE = "DROP TABLE telemetry_reading, telemetry_latest, telemetry_minute, telemetry_hour;"


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0001_initial")]
    operations = [
        migrations.RunSQL(READING + SUM.format(name="minute") + SUM.format(name="hour"), GONE),
    ]
