"""Taking work orders: each once, however often it is sent; sent again with other words, the case has them."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.cases.actions.receiving import receive
from zhen.kernel.cases.actions.working import edit
from zhen.kernel.cases.declarations import CASE_TYPES, CaseType
from zhen.kernel.cases.models import Case, Category, OrderFile
from zhen.kernel.cases.orders import rules
from zhen.kernel.cases.orders.values import ANSWER_DAYS, Order, Taken
from zhen.kernel.cases.rulebook import holds, rulebook
from zhen.kernel.cases.values import NewCase, NewReporter
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.places.api import AREAS, Place, versions_on

TAKE = "cases.orders.take"


def type_for(sender: str) -> CaseType:
    """The kind of case that a sender's orders become. Raises Refused."""
    found = next((type_ for type_ in CASE_TYPES if sender in type_.orders_from), None)
    if found is None:
        raise Refused(
            field=_("sender"),
            value=sender,
            reason=_("the town takes no orders from it"),
            remedy=_("Choose one of the list"),
        )
    return found


@action(None, silent=True)
def take_order(actor: Actor, sender: str, order: Order) -> tuple[Case, Taken]:
    """Make the order a case, or bring its case up to date.

    Raises Denied, Refused for what cannot be used, and Outdated where its case has been closed with other words.
    """
    type_ = _may_take(actor, sender)
    known = Case.objects.filter(source=sender, source_ref=order.ref).first()
    if known is None:
        return receive(actor, type_.id, _new(type_, sender, order)), Taken.CREATED
    changes = {
        name: value
        for name, value in (
            ("title", order.title),
            ("text", order.text),
            ("address", order.address or known.address),
            ("urgent", order.urgent or known.urgent),
        )
        if getattr(known, name) != value
    }
    if not changes:
        return known, Taken.UNCHANGED
    if not known.open:
        raise Outdated(
            field=_("number of the order"),
            value=order.ref,
            reason=_("its case %(number)s is closed") % {"number": known.number},
            remedy=_("Send what is new as an order with a number of its own"),
        )
    return edit(actor, known.pk, known.revision, changes), Taken.UPDATED


def _new(type_: CaseType, sender: str, order: Order) -> NewCase:
    if order.answer_days not in ANSWER_DAYS:
        raise Refused(
            field=_("answer within"),
            value=order.answer_days,
            reason=_("it is not 1, 5 or 15 working days"),
            remedy=_("Choose one of the list"),
        )
    area = Place.objects.filter(code=order.area_code, kind__in=AREAS).first() if order.area_code else None
    if order.area_code and area is None:
        raise Refused(
            field=_("code of the area"),
            value=order.area_code,
            reason=_("the town has no such area"),
            remedy=_("Give the code of a neighbourhood or of a cell, or none"),
        )
    whole = next((one.id for one in type_.deadlines if one.whole), None)
    return NewCase(
        title=order.title,
        text=order.text,
        category=_category(type_, order.class_code),
        point=order.point,
        area_id=area.pk if area else None,
        address=order.address,
        source=sender,
        source_ref=order.ref,
        urgent=order.urgent,
        reporter=NewReporter(secret=secrets.token_urlsafe(24), name=order.name, phone=order.phone),
        received_at=order.received_at,
        limits={whole: (order.answer_days, "working_days")} if whole else {},
    )


def _category(type_: CaseType, code: str) -> Category | None:
    if not code:
        return None
    found = rulebook().by_code.get((type_.scheme, code))
    if found is None or not found.leaf or not holds(found, clock.today()):
        raise Refused(
            field=_("code of the class"),
            value=code,
            reason=_("cases of this kind cannot have it"),
            remedy=_("Give the code of one of the lowest classes, or none"),
        )
    return found


# files


@action(TAKE)
def bring_file(actor: Actor, sender: str, data: bytes, file_name: str) -> OrderFile:
    """Read a file of orders and keep it for a look; nothing becomes a case yet. Raises Refused."""
    type_ = _may_take(actor, sender)
    now = clock.now()
    today = clock.today()
    book = rulebook()
    sheet = rules.read(
        data,
        file_name=file_name,
        classes=frozenset(
            row.code
            for row in book.categories.values()
            if row.scheme == type_.scheme and row.leaf and holds(row, today)
        ),
        areas=frozenset(versions_on(today, *AREAS).values_list("place__code", flat=True)),
        now=now,
    )
    file = OrderFile(
        sender=sender,
        file_name=file_name[:200],
        readable=len(sheet.lines),
        faults=[fault_as_json(one) for one in sheet.faults],
        by_id=actor.user_id,
        at=now,
        day=today,
    )
    file.content = json.dumps([_as_json(line) for line in sheet.lines], ensure_ascii=False)
    file.save()
    journal.record(
        "cases.orders_brought",
        by=actor,
        subject=file,
        data={"file": file.file_name, "readable": file.readable, "refused": len(file.faults)},
    )
    return file


@action(TAKE)
def take_file(actor: Actor, file_id: UUID) -> OrderFile:
    """Take the orders of a file that waits. An order that is refused now joins the refused rows; the others go on."""
    file = _waiting(actor, file_id)
    counts = dict.fromkeys(Taken, 0)
    faults = list(file.faults)
    for row, order in orders_of(file):
        try:
            _case, taken = take_order(actor, file.sender, order)
        except Refused as refused:
            faults.append({"row": row, "field": str(refused.field), "reason": str(refused.reason), "ref": order.ref})
            continue
        counts[taken] += 1
    file.created, file.updated = counts[Taken.CREATED], counts[Taken.UPDATED]
    file.unchanged = counts[Taken.UNCHANGED]
    file.faults = sorted(faults, key=lambda fault: fault["row"])
    file.state, file.content = OrderFile.State.TAKEN, None
    file.save()
    journal.record(
        "cases.orders_taken",
        by=actor,
        subject=file,
        data={"file": file.file_name, "created": file.created, "updated": file.updated, "refused": len(faults)},
    )
    return file


@action(TAKE)
def leave_file(actor: Actor, file_id: UUID) -> OrderFile:
    """Take nothing of the file; what was read of it is forgotten."""
    file = _waiting(actor, file_id)
    file.state, file.content = OrderFile.State.LEFT, None
    file.save(update_fields=["state", "content"])
    journal.record("cases.orders_left", by=actor, subject=file, data={"file": file.file_name})
    return file


def _may_take(actor: Actor, sender: str) -> CaseType:
    type_ = type_for(sender)
    actor.require(type_.powers.create)
    return type_


def _waiting(actor: Actor, file_id: UUID) -> OrderFile:
    """A file within reach that waits, locked for change."""
    file = actionable(actor, TAKE, OrderFile.objects.select_for_update(of=("self",))).get(pk=file_id)
    _may_take(actor, file.sender)
    if file.state != OrderFile.State.WAITING:
        raise Outdated(
            field=_("file"),
            value=file.file_name,
            reason=_("it was dealt with already"),
            remedy=_("Look at it as it stands now"),
        )
    return file


def orders_of(file: OrderFile) -> list[tuple[int, Order]]:
    """(row of the file, order) for what was readable; nothing once the file was dealt with."""
    if not file.content:
        return []
    return [(item["row"], _from_json(item["order"])) for item in json.loads(file.content.clear())]


def fault_as_json(fault: rules.Fault) -> dict[str, Any]:
    return {"row": fault.row, "field": str(fault.field), "reason": str(fault.reason), "ref": fault.ref}


def _as_json(line: rules.Line) -> dict[str, Any]:
    at = line.order.received_at
    return {"row": line.row, "order": {**asdict(line.order), "received_at": at and at.isoformat()}}


def _from_json(data: dict[str, Any]) -> Order:
    order = Order(**{**data, "received_at": None, "point": None})
    at = data["received_at"]
    return replace(
        order,
        received_at=datetime.fromisoformat(at) if at else None,
        point=(data["point"][0], data["point"][1]) if data["point"] else None,
    )
