"""The gateway's pages: transmission devices, parts to be placed, orders, and what was kept."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.gateways.gb26875 import actions, queries
from zhen.gateways.gb26875.actions import KEPT, MANAGE, ORDER, VIEW
from zhen.gateways.gb26875.codec import describing
from zhen.gateways.gb26875.codec.application import Type
from zhen.gateways.gb26875.codec.frames import Unreadable
from zhen.gateways.gb26875.forms import OrderForm, TerminalForm
from zhen.gateways.gb26875.models import FoundPart, KeptFrame, Order, Terminal
from zhen.gateways.gb26875.rules import CLOCK_TOLERANCE, ORDERS, Aim, State
from zhen.kernel.access.api import Actor, actionable
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import PAGES as ALL_PAGES
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.kernel.telemetry.api import Device

Text = str | Promise
DEVICE_PAGE = "telemetry.device"
TONES = {
    State.WAITING: Tone.DUE_SOON,
    State.ASKED: Tone.DUE_SOON,
    State.DONE: Tone.ON_TRACK,
    State.REFUSED: Tone.BEHIND,
    State.SILENT: Tone.OVERDUE,
    State.MISSED: Tone.OVERDUE,
}


# -- transmission devices


def code_of(row: Terminal | FoundPart) -> str:
    return row.device.code


def clock_chip(row: Terminal) -> Chip:
    """How the device's clock runs, as far as it was heard."""
    if row.heard_at is None:
        return Chip(text=_("never heard"), tone=Tone.BEHIND)
    if row.clock_error is None:
        return Chip(text=_("shows no time"), tone=Tone.BEHIND)
    if abs(row.clock_error) > CLOCK_TOLERANCE:
        return Chip(text=_("off by {error}").format(error=_span(row.clock_error.total_seconds())), tone=Tone.DUE_SOON)
    return Chip(text=_("right"), tone=Tone.ON_TRACK)


def _span(seconds: float) -> Text:
    seconds = abs(seconds)
    if seconds < 7200:
        return _("{count} min").format(count=round(seconds / 60))
    if seconds < 172_800:
        return _("{count} h").format(count=round(seconds / 3600))
    return _("{count} days").format(count=round(seconds / 86_400))


def terminal_facts(_actor: Actor, subject: Terminal) -> list[Fact]:
    return [
        Fact(label=_("address"), value=f"{subject.source} ({int.from_bytes(bytes.fromhex(subject.source), 'little')})"),
        Fact(label=_("device"), value=subject.device.name),
        Fact(label=_("last heard"), value=subject.heard_at, kind=Kind.TIME),
        Fact(label=_("heard from"), value=subject.peer or "—"),
        Fact(label=_("form of its frames"), value=subject.get_dialect_display() or _("recognised")),
        Fact(label=_("only from"), value=subject.networks or _("anywhere")),
    ]


def order_name(row: Order) -> Text:
    return ORDERS[Type(row.type)].name


def order_chip(row: Order) -> Chip:
    return Chip(text=row.get_state_display(), tone=TONES.get(row.state, Tone.NEUTRAL))


def latest_orders(actor: Actor, subject: Terminal) -> QuerySet[Order]:
    return queries.orders(actor, subject)[:50]


def terminal_form(_actor: Actor, subject: Terminal | None, data: Any, _files: Any) -> TerminalForm:
    if subject is None:
        return TerminalForm(data)
    form = TerminalForm(
        data,
        initial={
            "device": subject.device.code,
            "source": subject.source,
            "dialect": subject.dialect,
            "networks": subject.networks,
        },
    )
    form.fields["device"].disabled = True
    return form


def save_terminal(actor: Actor, subject: Terminal | None, form: TerminalForm) -> str:
    given = dict(form.cleaned_data)
    code = given.pop("device")
    if subject is not None:
        saved = actions.edit(actor, subject, **given)
    else:
        device = actionable(actor, MANAGE, Device.objects.filter(code=code)).first()
        if device is None:
            raise Refused(
                field=_("device"),
                value=code,
                reason=_("there is no such device"),
                remedy=_("Register the device first, then say what address it speaks from"),
            )
        saved = actions.register(actor, device, **given)
    return reverse("page:gb26875.terminal", kwargs={"key": saved.device.code})


def order_form(_actor: Actor, _subject: Terminal, data: Any, _files: Any) -> OrderForm:
    return OrderForm(data)


def save_order(actor: Actor, subject: Terminal, form: OrderForm) -> str:
    given = dict(form.cleaned_data)
    actions.order(actor, subject, Type(given.pop("type")), Aim(**given))
    return reverse("page:gb26875.terminal", kwargs={"key": subject.device.code})


def check_duty(actor: Actor, subject: Terminal, _data: Any) -> None:
    actions.order(actor, subject, Type.DUTY_CHECK, Aim())


ORDER_COLUMNS = (
    Column(id="order", label=_("order"), value=order_name),
    Column(id="state", label=_("state"), value=order_chip, kind=Kind.CHIP),
    Column(id="at", label=_("ordered at"), value="asked_at", kind=Kind.TIME),
    Column(id="by", label=_("ordered by"), value=lambda row: row.asked_by.name if row.asked_by else _("the gateway")),
    Column(id="deadline", label=_("to be answered by"), value="deadline", kind=Kind.TIME),
    Column(id="ended", label=_("ended at"), value="ended_at", kind=Kind.TIME),
)

TERMINALS = (
    ListPage(
        id="gb26875.terminals",
        title=_("Transmission devices"),
        menu=_("Transmission devices"),
        icon="radio",
        order=66,
        permission=VIEW,
        rows=lambda actor, _params: queries.terminals(actor),
        columns=(
            Column(id="code", label=_("code"), value=code_of, sort="device__code"),
            Column(id="name", label=_("device"), value="device.name"),
            Column(id="source", label=_("address"), value="source", sort="source"),
            Column(id="heard", label=_("last heard"), value="heard_at", kind=Kind.TIME, sort="heard_at"),
            Column(id="clock", label=_("clock"), value=clock_chip, kind=Kind.CHIP),
            Column(id="parts", label=_("parts"), value="part_count", kind=Kind.NUMBER),
            Column(id="to_place", label=_("to be placed"), value="to_place", kind=Kind.NUMBER),
        ),
        search=lambda rows, words: rows.filter(device__name__icontains=words) | rows.filter(source__icontains=words),
        order_by=("device__code",),
        detail="gb26875.terminal",
        buttons=(Button(id="new", label=_("Register a transmission device"), permission=MANAGE, form="gb26875.new"),),
        empty=_("No transmission device is registered. Frames from unknown ones are kept, see “Kept frames”."),
        live=frozenset({"gb26875.terminal_registered"}),
    ),
    DetailPage(
        id="gb26875.terminal",
        title=_("transmission device"),
        permission=VIEW,
        subject=queries.terminal,
        heading=lambda subject: f"{subject.device.code} · {subject.device.name}",
        chips=lambda subject: [clock_chip(subject)],
        panels=(
            Panel(id="facts", title=_("transmission device"), form="facts", source=terminal_facts),
            Panel(
                id="orders",
                title=_("Orders"),
                form="table",
                source=latest_orders,
                columns=ORDER_COLUMNS,
                wide=True,
                empty=_("Nothing was ordered yet."),
            ),
            Panel(
                id="parts",
                title=_("Behind it"),
                form="table",
                source=lambda actor, subject: queries.parts(actor, subject).order_by("device__code")[:500],
                columns=(
                    Column(id="code", label=_("code"), value=code_of),
                    Column(id="kind", label=_("kind"), value="kind"),
                    Column(id="text", label=_("place it was given"), value="text"),
                    Column(id="place", label=_("place"), value="device.place", kind=Kind.PLACE),
                    Column(id="placed", label=_("state"), value=lambda row: placed_chip(row), kind=Kind.CHIP),
                ),
                detail="gb26875.part",
                wide=True,
                empty=_("Nothing behind it has spoken yet."),
            ),
        ),
        buttons=(
            Button(
                id="duty",
                label=_("Check who is on duty"),
                permission=ORDER,
                run=check_duty,
                confirm=_("The device will sound. Somebody must press its button within 10 minutes."),
                key="d",
            ),
            Button(id="order", label=_("Give an order"), permission=ORDER, form="gb26875.order"),
            Button(id="edit", label=_("Change"), permission=MANAGE, form="gb26875.edit", key="e"),
        ),
        live=frozenset({"gb26875.order_went", "gb26875.part_found", "gb26875.ordered"}),
    ),
    FormPage(
        id="gb26875.new",
        title=_("Register a transmission device"),
        intro=_("The device stands in the registry already; here it gets the address it speaks from."),
        permission=MANAGE,
        form=terminal_form,
        save=save_terminal,
        submit=_("Register"),
    ),
    FormPage(
        id="gb26875.edit",
        title=_("Change a transmission device"),
        permission=MANAGE,
        subject=queries.terminal,
        form=terminal_form,
        save=save_terminal,
        submit=_("Save"),
        draft=False,
    ),
    FormPage(
        id="gb26875.order",
        title=_("Give an order"),
        intro=_("It goes out within a second while the device is connected, and waits two minutes if it is not."),
        permission=ORDER,
        subject=queries.terminal,
        form=order_form,
        save=save_order,
        submit=_("Send"),
        draft=False,
    ),
)


# -- parts


def placed_chip(row: FoundPart) -> Chip:
    if row.placed_at is None:
        return Chip(text=_("to be placed"), tone=Tone.DUE_SOON)
    return Chip(text=_("placed"), tone=Tone.ON_TRACK)


def by_placed(rows: QuerySet[FoundPart], value: str) -> QuerySet[FoundPart]:
    return rows.filter(placed_at__isnull=value == "open")


def part_facts(_actor: Actor, subject: FoundPart) -> list[Fact]:
    return [
        Fact(label=_("kind"), value=subject.kind),
        Fact(label=_("place it was given"), value=subject.text or "—"),
        Fact(label=_("place in the registry"), value=subject.device.place, kind=Kind.PLACE),
        Fact(label=_("where exactly"), value=subject.device.spot or "—"),
        Fact(label=_("component address"), value=subject.address or "—"),
        Fact(label=_("first heard of"), value=subject.found_at, kind=Kind.TIME),
    ]


def part_links(_actor: Actor, subject: FoundPart) -> list[Link]:
    if DEVICE_PAGE not in ALL_PAGES:
        return []
    return [
        Link(
            text=_("The device in the registry"),
            detail=_("Its place is changed there."),
            url=reverse(f"page:{DEVICE_PAGE}", kwargs={"key": subject.device.code}),
        )
    ]


def say_placed(actor: Actor, subject: FoundPart, _data: Any) -> None:
    actions.placed(actor, subject)


PARTS = (
    ListPage(
        id="gb26875.parts",
        title=_("Found behind transmission devices"),
        menu=_("To be placed"),
        icon="map-pin",
        order=67,
        permission=VIEW,
        rows=lambda actor, _params: queries.parts(actor),
        columns=(
            Column(id="code", label=_("code"), value=code_of, sort="device__code"),
            Column(id="kind", label=_("kind"), value="kind"),
            Column(id="text", label=_("place it was given"), value="text"),
            Column(id="place", label=_("place"), value="device.place", kind=Kind.PLACE),
            Column(id="found", label=_("first heard of"), value="found_at", kind=Kind.TIME, sort="found_at"),
            Column(id="state", label=_("state"), value=placed_chip, kind=Kind.CHIP),
        ),
        filters=(
            Filter(
                id="placed",
                label=_("state"),
                apply=by_placed,
                choices=(Choice(value="open", label=_("to be placed")), Choice(value="placed", label=_("placed"))),
            ),
        ),
        search=lambda rows, words: rows.filter(text__icontains=words) | rows.filter(device__code__icontains=words),
        order_by=("-found_at", "-id"),
        detail="gb26875.part",
        empty=_("No part of a fire alarm system was found yet."),
        live=frozenset({"gb26875.part_found", "gb26875.part_placed"}),
    ),
    DetailPage(
        id="gb26875.part",
        title=_("part of a fire alarm system"),
        permission=VIEW,
        subject=queries.part,
        heading=lambda subject: subject.device.name,
        chips=lambda subject: [placed_chip(subject)],
        panels=(
            Panel(id="facts", title=_("part of a fire alarm system"), form="facts", source=part_facts),
            Panel(id="links", title=_("Registry"), form="links", source=part_links),
        ),
        buttons=(
            Button(
                id="placed",
                label=_("It stands where it is"),
                permission=MANAGE,
                run=say_placed,
                confirm=_("The place in the registry is right, and the part leaves the list of those to be placed."),
                shown=lambda _actor, subject: subject.placed_at is None,
            ),
        ),
    ),
)


# -- what was kept


def why_chip(row: KeptFrame) -> Chip:
    tone = Tone.OVERDUE if row.why == KeptFrame.Why.SOURCE else Tone.DUE_SOON
    return Chip(text=row.get_why_display(), tone=Tone.NEUTRAL if row.settled_at else tone)


def open_rows(rows: QuerySet[KeptFrame], value: str) -> QuerySet[KeptFrame]:
    return rows.filter(settled_at__isnull=value == "open")


def by_why(rows: QuerySet[KeptFrame], value: str) -> QuerySet[KeptFrame]:
    return rows.filter(why=value)


def kept_facts(_actor: Actor, subject: KeptFrame) -> list[Fact]:
    return [
        Fact(label=_("address"), value=subject.source or "—"),
        Fact(label=_("heard from"), value=subject.peer),
        Fact(label=_("first at"), value=subject.first_at, kind=Kind.TIME),
        Fact(label=_("last at"), value=subject.last_at, kind=Kind.TIME),
        Fact(label=_("times"), value=subject.count, kind=Kind.NUMBER),
        Fact(label=_("bytes"), value=bytes(subject.raw).hex(" ").upper()),
    ]


def kept_reading(_actor: Actor, subject: KeptFrame) -> str:
    """What can be read of it, as `zhen gb26875 decode` says it."""

    try:
        read = [describing.describe(piece) for piece in describing.pieces(bytes(subject.raw))]
    except Unreadable as error:
        return str(error)
    return json.dumps(read, ensure_ascii=False, indent=2)


def settle_rows(actor: Actor, rows: Iterable[KeptFrame], _data: Any) -> None:
    actions.settle(actor, rows)


def settle_one(actor: Actor, subject: KeptFrame, _data: Any) -> None:
    actions.settle(actor, [subject])


KEPT_PAGES = (
    ListPage(
        id="gb26875.kept",
        title=_("Kept frames"),
        menu=_("Kept frames"),
        icon="archive",
        order=68,
        permission=KEPT,
        rows=lambda actor, _params: queries.kept(actor),
        columns=(
            Column(id="why", label=_("reason"), value=why_chip, kind=Kind.CHIP),
            Column(id="source", label=_("address"), value="source", sort="source"),
            Column(id="peer", label=_("heard from"), value="peer"),
            Column(id="last", label=_("last at"), value="last_at", kind=Kind.TIME, sort="last_at"),
            Column(id="count", label=_("times"), value="count", kind=Kind.NUMBER, sort="count"),
        ),
        filters=(
            Filter(
                id="open",
                label=_("state"),
                apply=open_rows,
                choices=(Choice(value="open", label=_("not looked at")), Choice(value="settled", label=_("looked at"))),
            ),
            Filter(
                id="why",
                label=_("reason"),
                apply=by_why,
                choices=tuple(Choice(value=why.value, label=why.label) for why in KeptFrame.Why),
            ),
        ),
        search=lambda rows, words: rows.filter(source__icontains=words) | rows.filter(peer__icontains=words),
        order_by=("-last_at", "-id"),
        detail="gb26875.kept_frame",
        bulk=(Button(id="settle", label=_("Looked at"), permission=KEPT, run=settle_rows),),
        empty=_("Everything that arrived was understood."),
    ),
    DetailPage(
        id="gb26875.kept_frame",
        title=_("kept frame"),
        permission=KEPT,
        subject=queries.kept_frame,
        heading=lambda subject: subject.get_why_display(),
        panels=(
            Panel(id="facts", title=_("kept frame"), form="facts", source=kept_facts),
            Panel(id="read", title=_("What can be read of it"), form="prose", source=kept_reading, wide=True),
        ),
        buttons=(
            Button(
                id="settle",
                label=_("Looked at"),
                permission=KEPT,
                run=settle_one,
                shown=lambda _actor, subject: subject.settled_at is None,
            ),
        ),
    ),
)

PAGES = (*TERMINALS, *PARTS, *KEPT_PAGES)
