"""Writing typhoon and flood: each order, each change of a stock, each opening of a shelter is an event of its own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.identity.api import posts_on
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.places.api import area_of_point
from zhen.kernel.rounds.api import NewCampaign, make_campaign, start_campaign
from zhen.packs.upkeep import rights
from zhen.packs.upkeep.flood.models import Alert, Check, CheckRule, Duty, Level, Phase, Response, Shelter, Step, Supply
from zhen.packs.upkeep.sources import PREMISES

RESPONSES = {
    Level.BLUE: Response.FOUR,
    Level.YELLOW: Response.THREE,
    Level.ORANGE: Response.TWO,
    Level.RED: Response.ONE,
}
"""The response that a colour usually starts; an order may differ. Source: 《国家防汛抗旱应急预案》 (2022), 4."""
GOES = ("grid_worker", "neighbourhood_secretary", "unit_clerk")
"""Who makes the checks: those who are on a post of these roles."""
Row = TypeVar("Row", Alert, Supply, Shelter)


@action(rights.FLOOD)
def declare(
    actor: Actor, *, kind: str, title: str, unit_id: int, level: int, source: str, response: int | None = None
) -> Alert:
    """A warning holds from now on, and the checks of its level are opened."""
    if not title.strip() or not source.strip():
        raise Refused(
            field=_("by whose order") if title.strip() else _("title"),
            value="",
            reason=_("it is empty"),
            remedy=_("Name the warning, and the order that declares it"),
        )
    if Alert.objects.filter(kind=kind, unit=unit_id, ended_at__isnull=True).exists():
        raise Refused(
            field=pgettext_lazy("of the weather", "warning"),
            value=Alert.Kind(kind).label,
            reason=_("one of this kind holds already"),
            remedy=_("Raise or lower that one"),
        )
    made = Alert.objects.create(
        kind=kind,
        title=title.strip()[:100],
        unit_id=unit_id,
        level=level,
        response=response or RESPONSES[Level(level)],
        began_at=clock.now(),
    )
    if not actionable(actor, rights.FLOOD, Alert.objects.filter(pk=made.pk)).exists():
        raise Denied(rights.FLOOD, actor)
    _stepped(made, source)
    _open_checks(actor, made, (Phase.BEFORE, Phase.DURING))
    _tell("upkeep.warning_declared", actor, made, level=str(Level(level).label), source=source.strip()[:200])
    return made


@action(rights.FLOOD)
def set_level(actor: Actor, alert: Alert, *, level: int, source: str, response: int | None = None) -> Alert:
    """Raise or lower a warning. What a higher level has checked is opened; nothing that is under way is stopped."""
    found = _held_alert(actor, alert)
    if not source.strip():
        raise Refused(field=_("by whose order"), value="", reason=_("it is empty"), remedy=_("Name the order"))
    response = response or RESPONSES[Level(level)]
    if (found.level, found.response) == (level, response):
        raise Outdated(
            field=_("level"),
            value=Level(level).label,
            reason=_("it is this level already"),
            remedy=_("Look at the page again"),
        )
    found.level, found.response = level, response
    found.save(update_fields=["level", "response"])
    _stepped(found, source)
    _open_checks(actor, found, (Phase.BEFORE, Phase.DURING))
    _tell("upkeep.warning_changed", actor, found, level=str(Level(level).label), source=source.strip()[:200])
    return found


@action(rights.FLOOD)
def lift(actor: Actor, alert: Alert, source: str) -> Alert:
    """It is over: what has to be looked at afterwards is opened.."""
    found = _held_alert(actor, alert)
    if not source.strip():
        raise Refused(field=_("by whose order"), value="", reason=_("it is empty"), remedy=_("Name the order"))
    found.ended_at = clock.now()
    found.save(update_fields=["ended_at"])
    _open_checks(actor, found, (Phase.AFTER,))
    _tell("upkeep.warning_lifted", actor, found, source=source.strip()[:200])
    return found


@action(rights.FLOOD)
def put_on_duty(actor: Actor, alert: Alert, *, user_id: int, task: str, from_at: datetime, to_at: datetime) -> Duty:
    found = _held_alert(actor, alert)
    if not from_at < to_at <= from_at + timedelta(days=3):
        raise Refused(
            field=_("to"),
            value=to_at,
            reason=_("a duty ends after it begins, within three days"),
            remedy=_("Give another time"),
        )
    if Duty.objects.filter(user=user_id, from_at__lt=to_at, to_at__gt=from_at).exists():
        raise Refused(
            field=_("who"), value=user_id, reason=_("is on duty then already"), remedy=_("Name somebody else")
        )
    made = Duty.objects.create(alert=found, user_id=user_id, task=task, from_at=from_at, to_at=to_at)
    _tell("upkeep.duty_set", actor, found, user=user_id, task=task)
    return made


@action(rights.REGISTER_EDIT)
def add_supply(actor: Actor, given: Mapping[str, Any]) -> Supply:
    made = Supply.objects.create(**given, counted_on=clock.today())
    _reach(actor, made)
    _tell("upkeep.supply_counted", actor, made, name=made.name, stock=made.stock, before=0, reason="")
    return made


@action(rights.REGISTER_EDIT)
def set_stock(actor: Actor, supply: Supply, stock: int, reason: str) -> Supply:
    """So much is there now: counted, issued or bought, with the reason."""
    found = _held(actor, supply)
    if not reason.strip():
        raise Refused(
            field=_("reason"), value="", reason=_("no stock changes without one"), remedy=_("Say what was done")
        )
    if not 0 <= stock <= 10_000_000:
        raise Refused(field=_("stock"), value=stock, reason=_("it cannot be"), remedy=_("Count again"))
    before, found.stock, found.counted_on = found.stock, stock, clock.today()
    found.save(update_fields=["stock", "counted_on"])
    facts = {"name": found.name, "stock": stock, "before": before, "reason": reason.strip()[:200]}
    _tell("upkeep.supply_counted", actor, found, **facts)
    return found


@action(rights.REGISTER_EDIT)
def add_shelter(actor: Actor, given: Mapping[str, Any]) -> Shelter:
    """Enter a shelter; its area is found from its point."""
    made = Shelter(**given)
    if made.lon is not None and made.lat is not None:
        made.area_id = area_of_point(made.lon, made.lat, clock.today()) or made.area_id
    made.save()
    _reach(actor, made)
    _tell("upkeep.shelter_entered", actor, made, name=made.name, capacity=made.capacity)
    return made


@action(rights.REGISTER_EDIT)
def tell_shelter(actor: Actor, shelter: Shelter, *, is_open: bool, people: int = 0) -> Shelter:
    """Whether it is open, and how many are in it now. Closed, nobody is."""
    found = _held(actor, shelter)
    if not 0 <= people <= found.capacity or (people and not is_open):
        raise Refused(
            field=_("people in it"),
            value=people,
            reason=_("it is closed, or has only %(places)s places") % {"places": found.capacity},
            remedy=_("Open another shelter, or mend the number"),
        )
    found.opened_at = (found.opened_at or clock.now()) if is_open else None
    found.people = people
    found.save(update_fields=["opened_at", "people"])
    _tell("upkeep.shelter_told", actor, found, name=found.name, people=people, open=is_open)
    return found


def _open_checks(actor: Actor, alert: Alert, phases: tuple[Phase, ...]) -> None:
    """A campaign for each rule that the level has come up to, and that has none yet. What has a part of the town to
    itself goes there."""
    today = clock.today()
    rules = CheckRule.objects.filter(
        Q(kind="") | Q(kind=alert.kind),
        Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        phase__in=phases,
        level__lte=alert.level,
        valid_from__lte=today,
    ).exclude(pk__in=alert.checks.values("rule"))
    posts = posts_on(today).filter(role__in=GOES).values_list("user_id", "area_id")
    people: dict[int, int | None] = dict(posts)
    for rule in rules.order_by("pk") if people else ():
        campaign = make_campaign(
            actor,
            NewCampaign(
                title=f"{alert.title} {rule.get_phase_display()}：{_named(rule)}"[:100],
                checklist=rule.checklist,
                source=PREMISES,
                query={"kind": rule.premises},
                unit_id=alert.unit_id,
                starts_on=today,
                ends_on=today + timedelta(days=rule.days - 1),
                per_day=40,
                inspectors=people,
            ),
        )
        Check.objects.create(alert=alert, rule=rule, campaign=start_campaign(actor, campaign), phase=rule.phase)


def _named(rule: CheckRule) -> str:
    from zhen.packs.upkeep.models import Premises

    return str(dict(Premises.Kind.choices).get(rule.premises, rule.premises))


def _stepped(alert: Alert, source: str) -> None:
    Step.objects.create(
        alert=alert, level=alert.level, response=alert.response, at=clock.now(), source=source.strip()[:200]
    )


def _held_alert(actor: Actor, alert: Alert) -> Alert:
    rows = actionable(actor, rights.FLOOD, Alert.objects.select_for_update(of=("self",)))
    found = rows.filter(pk=alert.pk).first()
    if found is None:
        raise Denied(rights.FLOOD, actor)
    if found.ended_at is not None:
        raise Outdated(
            field=pgettext_lazy("of the weather", "warning"),
            value=found.title,
            reason=_("it is lifted"),
            remedy=_("Declare another one"),
        )
    return found


def _held(actor: Actor, row: Row) -> Row:
    rows = actionable(actor, rights.REGISTER_EDIT, type(row)._default_manager.select_for_update(of=("self",)))
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise Denied(rights.REGISTER_EDIT, actor)
    return found


def _reach(actor: Actor, row: Model) -> None:
    """Nobody enters anything for a unit or an area that is not his."""
    if not actionable(actor, rights.REGISTER_EDIT, type(row)._default_manager.filter(pk=row.pk)).exists():
        raise Denied(rights.REGISTER_EDIT, actor)


def _tell(kind: str, actor: Actor, row: Alert | Supply | Shelter, **data: object) -> None:
    facts = {"title": row.title, **data} if isinstance(row, Alert) else data
    journal.record(kind, by=actor, subject=row, unit=row.unit_id, data=facts)
