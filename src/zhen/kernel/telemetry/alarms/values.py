"""What the parts of alarms share: rights, the town's times, and who acts when nobody does."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_noop

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import Tone
from zhen.kernel.telemetry.declarations import Severity

VIEW = "telemetry.alarm.view"
HANDLE = "telemetry.alarm.handle"
CLOSE = "telemetry.alarm.close"
SUPPRESS = "telemetry.alarm.suppress"
DUTY = "telemetry.duty.manage"

RULES = Actor.system(gettext_noop("alarm rules"))
DESK = Actor.system(gettext_noop("alarm desk"))

GATHER = timedelta(minutes=10)
"""An alarm joins the incident of its building when the incident's newest alarm is at most so old."""
OPENS_CASE = Severity.MAJOR
"""From this severity on, an incident becomes a case of its profile's type."""

TONES = {
    Severity.NOTICE: Tone.NEUTRAL,
    Severity.MINOR: Tone.DUE_SOON,
    Severity.MAJOR: Tone.BEHIND,
    Severity.CRITICAL: Tone.OVERDUE,
}
REAL = ("fire", "real")
"""Causes that make an alarm a true one."""
NOT_COUNTED = ("test", "passed")
"""Causes that say nothing about false alarms: tests, and what was over before anybody had to look."""
PASSED = "passed"
TEST = "test"
