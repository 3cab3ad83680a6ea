"""Rain gauges and water levels, and their alarms as cases. Limits are where a town begins; it sets its own for each."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import CaseType, Need, Transition
from zhen.kernel.pages.api import Tone
from zhen.kernel.telemetry.api import (
    BATTERY,
    BATTERY_LOW,
    FAULT,
    HEALTH,
    ON_BATTERY,
    Above,
    AlarmRule,
    DeviceProfile,
    Metric,
    Severity,
    alarm_table,
    check_cause,
    outcomes_of,
    settle,
)
from zhen.packs.upkeep import rights

ALARM_ID = "upkeep.flood_alarm"
CAUSES = ("real", "works", "fault", "power", "test", "unknown")

# GB/T 28592-2012: heavy rain from 50 mm in 24 hours, violent rain from 100 mm. The hour's limit is the town's.
RAIN = DeviceProfile(
    code="upkeep.rain",
    name=_("Rain gauge"),
    metrics=(
        Metric(code="rain_1h", name=_("rain of the last hour"), unit="mm", low=0, high=300, resolution=0.1),
        Metric(code="rain_24h", name=_("rain of the last 24 hours"), unit="mm", low=0, high=1000, resolution=0.1),
        FAULT,
        BATTERY,
    ),
    rules=(
        AlarmRule(
            code="hour", name=_("heavy rain within an hour"), severity=Severity.MAJOR, when=Above("rain_1h", 35, 20)
        ),
        AlarmRule(
            code="day", name=_("heavy rain in 24 hours"), severity=Severity.MAJOR, when=Above("rain_24h", 50, 40)
        ),
        *HEALTH,
        BATTERY_LOW,
    ),
    interval=ON_BATTERY,
    case_type=ALARM_ID,
    causes=CAUSES,
)
LEVEL = DeviceProfile(
    code="upkeep.water_level",
    name=_("Water level of a river or road"),
    metrics=(
        Metric(code="level", name=_("water level"), unit="m", low=-5, high=20, resolution=0.01),
        FAULT,
        BATTERY,
    ),
    rules=(
        AlarmRule(
            code="high",
            name=_("water level above the warning line"),
            severity=Severity.MAJOR,
            when=Above("level", 3.3, 3.2),
            lasting=timedelta(minutes=10),
            grows=((timedelta(hours=2), Severity.CRITICAL),),
        ),
        *HEALTH,
        BATTERY_LOW,
    ),
    interval=ON_BATTERY,
    case_type=ALARM_ID,
    causes=CAUSES,
)
PROFILES = (RAIN, LEVEL)

FLOOD_ALARM = CaseType(
    id=ALARM_ID,
    name=_("flood alarm"),
    prefix="FX",
    states=alarm_table.STATES,
    transitions=(
        alarm_table.acknowledging(rights.HANDLE),
        alarm_table.checking(rights.CHECK, why="Whoever is nearest goes and looks."),
        Transition(
            id="close",
            name=_("Close with a cause"),
            before=frozenset({"acknowledged", "checked"}),
            after="closed",
            permission=rights.CLOSE,
            needs=frozenset({Need.OUTCOME, Need.REASON}),
            stops=("check", "whole"),
            check=check_cause,
            effect=settle,
            tone=Tone.ON_TRACK,
            key="x",
        ),
        alarm_table.opening_again(rights.CLOSE),
    ),
    deadlines=alarm_table.DEADLINES,
    start=alarm_table.START,
    outcomes=outcomes_of(CAUSES),
    powers=alarm_table.powers(view=rights.VIEW, create=rights.CREATE, handle=rights.HANDLE, close=rights.CLOSE),
)
