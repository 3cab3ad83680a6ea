"""The kinds of devices of building security. They feel doors, water, lifts and buttons, and know no person.

A profile has numbers with the units of a building and flags, and nothing else: no card number, no face, no plate, no
picture can be declared. An emergency button says where somebody needs help, not who.
"""

from __future__ import annotations

from datetime import time, timedelta

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.api import (
    BATTERY,
    BATTERY_LOW,
    FAULT,
    HEALTH,
    ON_BATTERY,
    ON_MAINS,
    Above,
    AlarmRule,
    AllOf,
    DeviceProfile,
    Equals,
    Metric,
    Schedule,
    Severity,
    Window,
    flag,
)

ALARM = "security.alarm"
CAUSES = ("real", "misuse", "works", "fault", "power", "test", "malicious", "unknown")

AT_NIGHT = Schedule(windows=(Window(days=frozenset(range(7)), start=time(22), end=time(6)),))


OPEN = flag("open", _("stands open"))


def profile(
    code: str, name: object, metrics: tuple[Metric, ...], rules: tuple[AlarmRule, ...], *, battery: bool = False
) -> DeviceProfile:
    """A kind of device that can say that it is faulty, and that is missed when it says nothing."""
    return DeviceProfile(
        code=f"security.{code}",
        name=name,  # type: ignore[arg-type]
        metrics=(*metrics, FAULT, *((BATTERY,) if battery else ())),
        rules=(*rules, *HEALTH, *((BATTERY_LOW,) if battery else ())),
        interval=ON_BATTERY if battery else ON_MAINS,
        case_type=ALARM,
        causes=CAUSES,
    )


DOOR = profile(
    "door",
    _("Access door"),
    (OPEN, flag("forced", _("opened without release"))),
    (
        AlarmRule(
            code="held_open",
            name=_("access door stands open"),
            severity=Severity.MINOR,
            when=Equals("open", 1),
            lasting=timedelta(minutes=10),
        ),
        AlarmRule(code="forced", name=_("access door forced"), severity=Severity.MAJOR, when=Equals("forced", 1)),
    ),
)
WINDOW = profile(
    "window",
    _("Window"),
    (OPEN, flag("broken", _("glass broken"))),
    (
        AlarmRule(code="broken", name=_("glass broken"), severity=Severity.MAJOR, when=Equals("broken", 1)),
        AlarmRule(
            code="open_at_night",
            name=_("window open at night"),
            severity=Severity.NOTICE,
            when=Equals("open", 1),
            lasting=timedelta(minutes=30),
            during=AT_NIGHT,
        ),
    ),
    battery=True,
)
PERIMETER = profile(
    "perimeter",
    _("Perimeter fence"),
    (flag("crossed", _("fence crossed")), flag("cut", _("line cut"))),
    (
        AlarmRule(
            code="crossed",
            name=_("fence crossed"),
            severity=Severity.MAJOR,
            when=Equals("crossed", 1),
            clears_after=timedelta(minutes=5),
        ),
        AlarmRule(code="cut", name=_("line cut"), severity=Severity.MAJOR, when=Equals("cut", 1)),
    ),
)
# 《特种设备安全法》, article 49 and TSG T5002-2017: whoever maintains a lift must be there within 30 minutes.
LIFT = profile(
    "lift",
    _("Lift"),
    (
        flag("occupied", _("somebody is in it")),
        flag("door_shut", _("doors shut")),
        flag("stopped", _("stopped between floors")),
        flag("trapped", _("call for help from inside")),
    ),
    (
        AlarmRule(
            code="trapped",
            name=_("somebody is trapped in the lift"),
            severity=Severity.CRITICAL,
            when=Equals("trapped", 1),
        ),
        AlarmRule(
            code="trapped_unsaid",
            name=_("lift stopped with somebody in it"),
            severity=Severity.CRITICAL,
            when=AllOf(Equals("occupied", 1), Equals("door_shut", 1), Equals("stopped", 1)),
            lasting=timedelta(minutes=2),
        ),
        AlarmRule(
            code="stopped",
            name=_("lift stopped"),
            severity=Severity.MINOR,
            when=Equals("stopped", 1),
            lasting=timedelta(minutes=5),
            grows=((timedelta(hours=1), Severity.MAJOR),),
        ),
    ),
)
FLOODING = profile(
    "flooding",
    _("Flooding sensor"),
    (flag("wet", _("wet")), Metric(code="depth", name=_("depth of water"), unit="mm", low=0, high=3000, resolution=1)),
    (
        AlarmRule(
            code="wet",
            name=_("water on the floor"),
            severity=Severity.MINOR,
            when=Equals("wet", 1),
            lasting=timedelta(minutes=1),
            grows=((timedelta(minutes=15), Severity.MAJOR),),
        ),
        AlarmRule(
            code="flooded", name=_("basement flooded"), severity=Severity.MAJOR, when=Above("depth", 50, clear=20)
        ),
    ),
    battery=True,
)
BUTTON = profile(
    "button",
    _("Emergency button"),
    (flag("pressed", _("pressed")),),
    (
        AlarmRule(
            code="pressed", name=_("emergency button pressed"), severity=Severity.CRITICAL, when=Equals("pressed", 1)
        ),
    ),
    battery=True,
)
HUB = profile("hub", _("Wireless gateway of security sensors"), (flag("mains_fault", _("mains fault")),), ())

PROFILES = (DOOR, WINDOW, PERIMETER, LIFT, FLOODING, BUTTON, HUB)
CODES = frozenset(one.code for one in PROFILES)
