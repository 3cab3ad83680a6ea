"""The rules of alarms: pure functions of readings, time and a small state. No database, no clock."""
