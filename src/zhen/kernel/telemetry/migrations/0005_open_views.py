"""What a dashboard of somebody else's may read: devices, readings, sums and alarms, and nothing of people.

A schema of its own, so that one GRANT opens it and nothing beside it (docs/howto/grafana.md). The columns are an
interface: they are added to, and never renamed.
"""

from django.db import migrations

FORWARD = """
CREATE SCHEMA open_readings;

CREATE VIEW open_readings.device AS
SELECT device.id AS device_id, device.code, device.name, device.profile, device.state, place.code AS place,
    version.name AS place_name, version.lon, version.lat
FROM telemetry_device device
JOIN places_place place ON place.id = device.place_id
LEFT JOIN places_placeversion version ON version.place_id = place.id
    AND version.valid_from <= current_date AND (version.valid_to IS NULL OR version.valid_to > current_date);

CREATE VIEW open_readings.reading AS
SELECT reading.at AS time, reading.device_id, metric.code AS metric, reading.value
FROM telemetry_reading reading JOIN telemetry_metriccode metric ON metric.id = reading.metric_id;

CREATE VIEW open_readings.latest AS
SELECT latest.at AS time, latest.device_id, metric.code AS metric, latest.value
FROM telemetry_latest latest JOIN telemetry_metriccode metric ON metric.id = latest.metric_id;

CREATE VIEW open_readings.minute AS
SELECT part.at AS time, part.device_id, metric.code AS metric, part.count, part.low, part.high,
    part.total / part.count AS mean
FROM telemetry_minute part JOIN telemetry_metriccode metric ON metric.id = part.metric_id;

CREATE VIEW open_readings.hour AS
SELECT part.at AS time, part.device_id, metric.code AS metric, part.count, part.low, part.high,
    part.total / part.count AS mean
FROM telemetry_hour part JOIN telemetry_metriccode metric ON metric.id = part.metric_id;

CREATE VIEW open_readings.alarm AS
SELECT alarm.opened_at AS time, alarm.cleared_at AS time_end, alarm.closed_at, alarm.device_id, alarm.rule,
    alarm.severity, alarm.metric, alarm.value, alarm.cause, place.code AS place
FROM telemetry_alarm alarm JOIN places_place place ON place.id = alarm.place_id
WHERE alarm.suppression_id IS NULL;
"""
BACKWARD = "DROP SCHEMA open_readings CASCADE"


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0004_standing"), ("places", "0002_history")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
