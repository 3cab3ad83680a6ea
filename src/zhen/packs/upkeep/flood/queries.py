"""Reading typhoon and flood, restricted; and the situation: what stands where, at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Count, F, Q, QuerySet, Sum

from zhen.kernel.access.api import Actor, restrict
from zhen.kernel.cases.api import Case
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Missing
from zhen.kernel.rounds.api import Coverage, Finding, coverages
from zhen.kernel.telemetry.api import PROFILES, devices, newest
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.flood.devices import ALARM_ID
from zhen.packs.upkeep.flood.models import Alert, Check, CheckRule, Duty, Shelter, Supply

OURS = ("upkeep.rain", "upkeep.water_level")
MOST_READINGS = 12
Row = TypeVar("Row", Alert, Supply, Shelter)


def alerts(actor: Actor) -> QuerySet[Alert]:
    return restrict(actor, rights.REGISTER_VIEW, Alert.objects.select_related("unit"))


def alert_for(actor: Actor, key: str) -> Alert:
    return _one(alerts(actor), key)


def supplies(actor: Actor) -> QuerySet[Supply]:
    return restrict(actor, rights.REGISTER_VIEW, Supply.objects.select_related("unit", "keeper"))


def short(actor: Actor) -> QuerySet[Supply]:
    """Supplies of which there is less than there should be."""
    return supplies(actor).filter(stock__lt=F("wanted")).order_by("name", "pk")


def supply_for(actor: Actor, key: str) -> Supply:
    return _one(supplies(actor), key)


def shelters(actor: Actor) -> QuerySet[Shelter]:
    return restrict(actor, rights.REGISTER_VIEW, Shelter.objects.select_related("unit", "keeper", "area"))


def shelter_for(actor: Actor, key: str) -> Shelter:
    return _one(shelters(actor), key)


def check_rules() -> QuerySet[CheckRule]:
    """What warnings open; rules are no secret, pages ask for the permission."""
    return CheckRule.objects.order_by("level", "phase", "premises", "-valid_from")


@dataclass(frozen=True, kw_only=True)
class CheckState:
    """How far a check of a warning has come."""

    check: Check
    coverage: Coverage


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The newest value of a device."""

    device: str
    metric: str
    value: float
    unit: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Situation:
    """Everything the one-page report says, read at `at`."""

    alert: Alert
    at: datetime
    duties: Sequence[Duty]
    checks: Sequence[CheckState]
    findings: int
    findings_open: int
    shelters: int
    shelters_open: int
    people: int
    places: int
    short: Sequence[Supply]
    measured: Sequence[Measured]
    cases: int
    cases_open: int


def on_duty(alert: Alert, at: datetime) -> list[Duty]:
    """Who is on duty at a moment; once the warning is lifted, who was when it ended."""
    moment = min(at, alert.ended_at) if alert.ended_at else at
    rows = alert.duties.filter(from_at__lte=moment, to_at__gt=moment).select_related("user")
    return list(rows.order_by("task", "pk"))


def checks_of(alert: Alert) -> list[CheckState]:
    rows = list(alert.checks.select_related("campaign", "rule").order_by("pk"))
    found = coverages([check.campaign_id for check in rows], clock.today())
    return [CheckState(check=check, coverage=found.get(check.campaign_id, Coverage())) for check in rows]


def findings_of(alert: Alert) -> QuerySet[Finding]:
    campaigns = alert.checks.values("campaign")
    rows = Finding.objects.filter(visit__round__campaign__in=campaigns)
    return rows.select_related("subject", "case", "visit").order_by("over_at", "-found_at")


def cases_of(actor: Actor, alert: Alert) -> QuerySet[Case]:
    """Flood alarms that came while the warning held."""
    rows = Case.objects.filter(type=ALARM_ID, received_at__gte=alert.began_at)
    if alert.ended_at is not None:
        rows = rows.filter(received_at__lte=alert.ended_at)
    return restrict(actor, rights.VIEW, rows).order_by("-received_at")


def measured(actor: Actor) -> list[Measured]:
    found = list(devices(actor).filter(profile__in=OURS, state="active").order_by("code")[:MOST_READINGS])
    values = newest(found)
    told = []
    for device in found:
        for metric in PROFILES[device.profile].metrics:
            if metric.code in values.get(device.pk, {}) and metric.unit not in ("", "%"):
                value, at = values[device.pk][metric.code]
                told.append(Measured(device=device.name, metric=str(metric.name), value=value, unit=metric.unit, at=at))
    return told


def situation(actor: Actor, alert: Alert) -> Situation:
    now = clock.now()
    found = findings_of(alert).order_by().aggregate(all=Count("pk"), open=Count("pk", filter=Q(over_at__isnull=True)))
    homes = (
        shelters(actor)
        .order_by()
        .aggregate(
            all=Count("pk"),
            open=Count("pk", filter=Q(opened_at__isnull=False)),
            people=Sum("people"),
            places=Sum("capacity", filter=Q(opened_at__isnull=False)),
        )
    )
    alarms = (
        cases_of(actor, alert).order_by().aggregate(all=Count("pk"), open=Count("pk", filter=Q(closed_at__isnull=True)))
    )
    return Situation(
        alert=alert,
        at=now,
        duties=on_duty(alert, now),
        checks=checks_of(alert),
        findings=found["all"],
        findings_open=found["open"],
        shelters=homes["all"],
        shelters_open=homes["open"],
        people=homes["people"] or 0,
        places=homes["places"] or 0,
        short=list(short(actor)[:20]),
        measured=measured(actor),
        cases=alarms["all"],
        cases_open=alarms["open"],
    )


def _one(rows: QuerySet[Row], key: str) -> Row:
    found = rows.filter(pk=key).first() if key.isascii() and key.isdecimal() and len(key) < 19 else None
    if found is None:
        raise Missing(key)
    return found
