"""Telling devices to do something. The message server's gateway sends; the device answers on its own topic.

d/CODE/c     {"id": 7, "c": "shut_valve", "until": 1767226200}      to the device
d/CODE/a     {"id": 7, "ok": true, "say": "shut"}                   from the device
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhen.kernel.access.api import Actor, action, restrict
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.telemetry.devices.actions import held
from zhen.kernel.telemetry.devices.values import ORDER, VIEW
from zhen.kernel.telemetry.models import Device, Order
from zhen.kernel.telemetry.models.orders import PATIENCE

AGAIN = timedelta(seconds=15)
"""A device that has not answered for so long is told once more: it may have been away. It knows the order by its id."""
AT_ONCE = 500
LINE = Actor.system(gettext_noop("line to the devices"))


class Answer(NamedTuple):
    """What a device says to an order. `at` is in microseconds since 1970."""

    device: int
    order: int
    done: bool
    said: str
    at: int


class Telling(NamedTuple):
    """A message to a device."""

    subject: str
    payload: bytes


@action(ORDER)
def order(actor: Actor, device: Device, command: str) -> Order:
    """Tell a device to do something its profile knows. Raises Refused where it cannot, or has not answered yet."""
    found = held(actor, device, ORDER)
    known = {one.code: one.name for one in found.kind.commands} if found.kind else {}
    if command not in known:
        raise Refused(
            field=_("command"),
            value=command,
            reason=_("devices of this kind do not know it"),
            remedy=_("Choose one of: %(names)s") % {"names": "、".join(str(name) for name in known.values()) or "—"},
        )
    if found.state != Device.State.ACTIVE:
        raise Refused(
            field=_("device"), value=found, reason=_("it is retired"), remedy=_("Put it into service again first")
        )
    if Order.objects.filter(device=found, command=command, state=Order.State.WAITING).exists():
        raise Refused(
            field=_("command"),
            value=known[command],
            reason=_("it is on its way already"),
            remedy=_("Wait for the answer; it is given up after ten minutes"),
        )
    now = clock.now()
    made = Order.objects.create(
        device=found, command=command, asked_by_id=actor.user_id, asked_at=now, deadline=now + PATIENCE
    )
    _record("telemetry.ordered", actor, made)
    return made


def orders_of(actor: Actor, device: Device) -> QuerySet[Order]:
    rows = Order.objects.filter(device=device).select_related("device", "asked_by")
    return restrict(actor, VIEW, rows).order_by("-asked_at", "-pk")


def take_unsent(now: datetime) -> list[Telling]:
    """What is to be sent now, marked as sent. What is lost on the way is taken again."""
    due = Q(sent_at__isnull=True) | Q(sent_at__lte=now - AGAIN)
    with transaction.atomic():
        rows = Order.objects.select_for_update(of=("self",), skip_locked=True).select_related("device")
        found = list(rows.filter(due, state=Order.State.WAITING, deadline__gt=now).order_by("pk")[:AT_ONCE])
        Order.objects.filter(pk__in=[one.pk for one in found]).update(sent_at=now)
    return [
        Telling(
            f"d.{one.device.code}.c",
            json.dumps({"id": one.pk, "c": one.command, "until": int(one.deadline.timestamp())}).encode(),
        )
        for one in found
    ]


def take_answers(answers: Iterable[Answer], moment: datetime) -> int:
    """What devices answered, inside the transaction of the caller. An answer to what is not open changes nothing."""
    first: dict[int, Answer] = {}
    for answer in answers:
        first.setdefault(answer.order, answer)
    rows = Order.objects.select_for_update(of=("self",)).select_related("device")
    found = [
        one
        for one in rows.filter(pk__in=first, state=Order.State.WAITING).order_by("pk")
        if first[one.pk].device == one.device_id
    ]
    for one in found:
        answer = first[one.pk]
        one.state = Order.State.DONE if answer.done else Order.State.REFUSED
        one.said, one.ended_at = answer.said, moment
    _end(found)
    return len(found)


def give_up() -> None:
    """End what no device answered in time."""
    now = clock.now()
    with transaction.atomic():
        rows = Order.objects.select_for_update(of=("self",), skip_locked=True).select_related("device")
        found = list(rows.filter(state=Order.State.WAITING, deadline__lte=now).order_by("pk")[:AT_ONCE])
        for one in found:
            one.state, one.ended_at = Order.State.SILENT, now
        _end(found)


def _end(orders: Sequence[Order]) -> None:
    Order.objects.bulk_update(orders, ["state", "said", "ended_at"])
    for one in orders:
        _record("telemetry.order_ended", LINE, one, state=Order.State(one.state).label, said=one.said)


def _record(kind: str, actor: Actor, order: Order, **more: str | Promise) -> None:
    device = order.device
    with translation.override(settings.LANGUAGE_CODE):
        told = {"command": str(order.command_name), **{name: str(value) for name, value in more.items()}}
    journal.record(
        kind,
        by=actor,
        subject=device,
        area=device.place_id,
        unit=device.unit_id,
        data={"code": device.code, **told},
    )
