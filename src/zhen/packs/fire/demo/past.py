"""A year of alarms that were looked into: most are no fire, and some devices cry wolf more than others."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import Move, move
from zhen.kernel.lib import clock
from zhen.kernel.telemetry.api import Alarm, Device, close_incident, hear
from zhen.packs.fire.case_types import FIRE_ALARM

YEAR = 360
SEEN = {
    "cooking": "厨房油烟触发，无明火",
    "dust": "装修扬尘触发，已清理探测器",
    "fault": "探测器故障，已报维保更换",
    "fire": "小火已扑灭，无人员伤亡",
    "test": "消防维保联动测试",
    "malicious": "有人按下手动报警按钮，现场无火情",
}
KINDS = {
    "fire.smoke": ({"smoke": 1.0}, ("cooking", "cooking", "dust", "dust", "fault", "test", "fire")),
    "fire.call_point": ({"pressed": 1.0}, ("malicious", "malicious", "test", "fault")),
    "fire.gas": ({"gas": 24.0}, ("cooking", "fault", "fire")),
}
"""What a device says, and what was found as often as it stands here."""
WOLVES, EVERYBODY = 3, 22


def build_past(builder: Actor, chance: Random, now: datetime) -> int:
    """Alarms with their cases, closed with a cause, over the year up to three days ago."""
    days = sorted(chance.uniform(3, YEAR) for _each in range(2 * WOLVES + EVERYBODY))
    for back, device in zip(reversed(days), _devices(chance), strict=False):
        _alarm(builder, device, chance, now - timedelta(days=back))
    return Alarm.objects.filter(closed_at__isnull=False).count()


def _devices(chance: Random) -> Iterator[Device]:
    """Who alarms, in the order of the days: a few of them three times."""
    found = {kind: list(Device.objects.filter(profile=kind).order_by("pk")[:400]) for kind in KINDS}
    kinds = [kind for kind, devices in found.items() if devices]
    if not kinds:
        return
    often = [chance.choice(found[kinds[0]]) for _each in range(WOLVES)]
    others = [chance.choice(found[chance.choice(kinds)]) for _each in range(EVERYBODY - WOLVES)]
    row = [*often * 3, *others]
    chance.shuffle(row)
    yield from row


def _alarm(builder: Actor, device: Device, chance: Random, at: datetime) -> None:
    """It alarms; somebody goes and looks; the case says what it was, and so the alarm."""
    values, causes = KINDS[device.profile]
    cause = chance.choice(causes)
    with clock.frozen(at):
        hear(device, values)
    alarm = Alarm.objects.filter(device=device, closed_at__isnull=True).select_related("incident__case").first()
    if alarm is None or alarm.incident is None:
        return
    looked = at + timedelta(minutes=chance.randint(3, 25))
    with clock.frozen(looked):
        hear(device, dict.fromkeys(values, 0.0))
        case = alarm.incident.case
        if case is None or case.type != FIRE_ALARM.id:
            close_incident(builder, alarm.incident.pk, cause=cause, note=SEEN[cause])
            return
        looked_at = Move(result=SEEN[cause], reason="现场已恢复，未留照片")
        case = move(builder, case.pk, case.revision, "check", looked_at)
    with clock.frozen(looked + timedelta(minutes=chance.randint(2, 40))):
        move(builder, case.pk, case.revision, "close", Move(outcome=cause))
