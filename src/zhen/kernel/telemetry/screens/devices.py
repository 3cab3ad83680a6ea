"""Devices: the list, one device with what it measures now and did before, and the form to enter one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal.api import Entry, timeline
from zhen.kernel.lib import clock
from zhen.kernel.lib.clock import TOWN_ZONE
from zhen.kernel.pages.api import (
    Button,
    Chart,
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
    Missing,
    Panel,
    Series,
    Tone,
)
from zhen.kernel.places.api import versions_on
from zhen.kernel.telemetry.alarms.screens.alarms import DEVICE_HISTORY, DEVICE_RATE
from zhen.kernel.telemetry.alarms.screens.common import LIVE
from zhen.kernel.telemetry.declarations import PROFILES, Metric
from zhen.kernel.telemetry.devices import actions, orders, queries
from zhen.kernel.telemetry.devices.coverage import MISSED
from zhen.kernel.telemetry.devices.states import state, with_heard
from zhen.kernel.telemetry.devices.values import CREDENTIALS, MANAGE, ORDER, VIEW
from zhen.kernel.telemetry.models import Announced, Device, MetricCode, Order, Rejected
from zhen.kernel.telemetry.screens.forms import DeviceForm, OrderForm, RetireForm
from zhen.kernel.telemetry.storage.history import history

Text = str | Promise
DAY, MONTH, YEAR = timedelta(days=1), timedelta(days=30), timedelta(days=365)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """One metric of a device, with its newest value."""

    device: Device
    metric: Metric
    value: float | None
    at: datetime | None


def listed(actor: Actor, _params: Any) -> QuerySet[Device]:
    today = clock.today()
    return with_heard(queries.devices(actor)).annotate(
        place_name=Subquery(versions_on(today).filter(place=OuterRef("place")).values("name")[:1]),
    )


def device(actor: Actor, code: str) -> Device:
    found = listed(actor, {}).filter(code=code).first() if len(code) <= 64 and "\x00" not in code else None
    if found is None:
        raise Missing(f"device {code}")
    return found


def profile_choices(_actor: Actor) -> list[Choice]:
    return [Choice(value=profile.code, label=profile.name) for profile in PROFILES]


def by_state(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    if value == "retired":
        return rows.filter(state=Device.State.RETIRED)
    rows = rows.filter(state=Device.State.ACTIVE)
    if value == "never":
        return rows.filter(heard_at=None)
    now = clock.now()
    silent = Q(pk__in=[])
    for profile in PROFILES:
        silent |= Q(profile=profile.code, heard_at__lt=now - MISSED * profile.interval)
    return rows.filter(silent) if value == "silent" else rows.exclude(silent).exclude(heard_at=None)


def by_care(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
    today = clock.today()
    late = Q(maintained_until__lt=today) if value == "maintenance" else Q(end_of_life__lte=today)
    return rows.filter(late, state=Device.State.ACTIVE)


def by_words(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    for word in words.split():
        rows = rows.filter(
            Q(code__icontains=word) | Q(name__icontains=word) | Q(spot__icontains=word) | Q(place_name__icontains=word)
        )
    return rows


def of(row: Any) -> Link:
    return Link(text=row.name, url=reverse("page:telemetry.device", kwargs={"key": row.code}))


LIST = ListPage(
    id="telemetry.devices",
    title=_("Devices"),
    menu=_("Devices"),
    icon="activity",
    order=50,
    permission=VIEW,
    intro=_("What measures in the town's buildings, and whether it is heard."),
    rows=listed,
    columns=(
        Column(id="name", label=_("name"), value=of, kind=Kind.LINK, sort="name", width="wide"),
        Column(id="code", label=_("code"), value="code", sort="code"),
        Column(id="profile", label=_("device profile"), value="kind_name", sort="profile"),
        Column(id="place", label=_("place"), value="place_name", sort="place_name"),
        Column(id="spot", label=_("where exactly"), value="spot"),
        Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
        Column(id="heard", label=_("last heard"), value="heard_at", kind=Kind.TIME, sort="heard_at"),
    ),
    filters=(
        Filter(
            id="profile",
            label=_("device profile"),
            apply=lambda rows, value: rows.filter(profile=value),
            choices=profile_choices,
        ),
        Filter(
            id="state",
            label=_("state"),
            apply=by_state,
            choices=(
                Choice(value="heard", label=_("heard")),
                Choice(value="silent", label=_("silent")),
                Choice(value="never", label=_("never heard")),
                Choice(value="retired", label=_("retired")),
            ),
        ),
        Filter(
            id="care",
            label=_("needs care"),
            apply=by_care,
            choices=(
                Choice(value="maintenance", label=_("maintenance has run out")),
                Choice(value="replace", label=_("to be replaced")),
            ),
        ),
    ),
    search=by_words,
    order_by=("code",),
    detail="telemetry.device",
    buttons=(
        Button(id="new", label=_("Enter a device"), permission=MANAGE, form="telemetry.device_new", key="n"),
        Button(id="table", label=_("Enter many from a table"), permission=MANAGE, form="telemetry.device_file_new"),
    ),
    empty=_("No device has been entered yet. Enter one, or bring a table of them."),
    live=frozenset({"telemetry.device_registered", "telemetry.device_retired"}),
)


# one device


def facts(_actor: Actor, row: Any) -> list[Fact]:
    gateway = row.gateway
    shown: list[tuple[Text, Any, Kind]] = [
        (_("code"), row.code, Kind.TEXT),
        (_("device profile"), row.kind_name, Kind.TEXT),
        (
            _("place"),
            Link(text=row.place_name or row.place.code, url=f"/desk/places/areas/{row.place.code}/"),
            Kind.LINK,
        ),
        (_("where exactly"), row.spot, Kind.TEXT),
        (_("unit in charge"), row.unit.name, Kind.TEXT),
        (_("behind the gateway"), of(gateway) if gateway else None, Kind.LINK),
        (_("last heard"), row.heard_at, Kind.TIME),
        (_("maintenance contract"), row.maintenance, Kind.TEXT),
        (_("maintained until"), row.maintained_until, Kind.DATE),
        (_("installed on"), row.installed_on, Kind.DATE),
        (_("to be replaced by"), row.end_of_life, Kind.DATE),
        (_("messages per minute at most"), row.messages_per_minute, Kind.NUMBER),
    ]
    return [Fact(label=label, value=value, kind=kind) for label, value, kind in shown if value not in (None, "")]


def measured(_actor: Actor, row: Device) -> list[Measured]:
    """The metrics of the profile with their newest values; those never heard come last."""
    values = {code: (value, at) for code, value, at in row.latest.values_list("metric__code", "value", "at")}
    metrics = row.kind.metrics if row.kind else ()
    found = [
        Measured(device=row, metric=metric, value=value, at=at)
        for metric in metrics
        for value, at in [values.get(metric.code, (None, None))]
    ]
    return sorted(found, key=lambda one: one.value is None)


def written(row: Measured) -> str:
    if row.value is None:
        return "—"
    if row.metric.is_flag:
        return str(_("yes") if row.value else _("no"))
    return f"{row.value:g} {row.metric.unit}".strip()


def metric_link(row: Measured) -> Link:
    key = f"{row.device.code}@{row.metric.code}"
    return Link(text=row.metric.name, url=reverse("page:telemetry.metric", kwargs={"key": key}))


def first_chart(actor: Actor, row: Device) -> Chart | None:
    """Of a quantity that was heard rather than a flag, and of either rather than what never was."""
    found = measured(actor, row)
    if not found:
        return None
    return chart(row, min(found, key=lambda one: (one.value is None, one.metric.is_flag)).metric, DAY)


def parts(actor: Actor, row: Device) -> QuerySet[Device]:
    return listed(actor, {}).filter(gateway=row).order_by("code")


def refused(_actor: Actor, row: Device) -> Iterable[Rejected]:
    return Rejected.objects.filter(device=row).order_by("-last_at")[:10]


def reason(row: Rejected) -> Text:
    return Rejected.Reason(row.reason).label


def announced(_actor: Actor, row: Device) -> QuerySet[Announced]:
    return Announced.objects.filter(device=row).select_related("device").order_by("name")


def understood(row: Announced) -> Chip:
    """The metric that it is, or why it is not read."""
    if row.fault:
        return Chip(text=Announced.Fault(row.fault).label, tone=Tone.BEHIND)
    kind = row.device.kind
    known = {metric.code: metric.name for metric in kind.metrics} if kind else {}
    return Chip(text=known.get(row.metric, row.metric), tone=Tone.ON_TRACK)


def told(_actor: Actor, row: Device) -> Sequence[Entry]:
    return timeline(row)


def credential_links(_actor: Actor, row: Device) -> list[Link]:
    return [
        Link(
            text=_("Credential and claim code"),
            url=reverse("device_credential", kwargs={"code": row.code}),
            detail=_("Give, renew or take what the device signs in with."),
        ),
        Link(
            text=_("Label to print"),
            url=reverse("device_label", kwargs={"code": row.code}),
            detail=_("With a QR code that opens this page."),
        ),
    ]


def retire(actor: Actor, row: Device, form: RetireForm) -> str:
    actions.retire(actor, row, reason=form.cleaned_data["reason"])
    return reverse("page:telemetry.device", kwargs={"key": row.code})


def restore(actor: Actor, row: Device, _data: Any) -> None:
    actions.restore(actor, row)


def order_state(row: Order) -> Chip:
    tones = {Order.State.WAITING: Tone.DUE_SOON, Order.State.DONE: Tone.ON_TRACK}
    state = Order.State(row.state)
    return Chip(text=state.label, tone=tones.get(state, Tone.OVERDUE))


def can_order(_actor: Actor, row: Device) -> bool:
    return row.state == Device.State.ACTIVE and row.kind is not None and bool(row.kind.commands)


def save_order(actor: Actor, row: Device, form: OrderForm) -> str:
    orders.order(actor, row, form.cleaned_data["command"])
    return reverse("page:telemetry.device", kwargs={"key": row.code})


DEVICE = DetailPage(
    id="telemetry.device",
    title=_("device"),
    permission=VIEW,
    subject=device,
    heading=lambda row: row.name,
    chips=lambda row: (state(row),),
    panels=(
        Panel(
            id="now",
            title=_("Newest readings"),
            form="table",
            source=measured,
            columns=(
                Column(id="metric", label=_("metric"), value=metric_link, kind=Kind.LINK),
                Column(id="value", label=_("value"), value=written),
                Column(id="at", label=_("time of the reading"), value="at", kind=Kind.TIME),
            ),
            empty=_("The pack that knows this kind of device is gone."),
        ),
        Panel(id="facts", title=_("Facts"), form="facts", source=facts),
        Panel(
            id="day", title=_("The last day"), form="chart", source=first_chart, wide=True, empty=_("Nothing measured.")
        ),
        Panel(
            id="parts",
            title=_("Devices behind it"),
            form="table",
            source=parts,
            columns=(
                Column(id="name", label=_("name"), value=of, kind=Kind.LINK),
                Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
            ),
            detail="telemetry.device",
            empty=_("It speaks for itself alone."),
        ),
        Panel(
            id="refused",
            title=_("Refused lately"),
            form="table",
            source=refused,
            columns=(
                Column(id="reason", label=_("reason"), value=reason),
                Column(id="detail", label=_("detail"), value="detail"),
                Column(id="count", label=_("how often"), value="count", kind=Kind.NUMBER),
                Column(id="last", label=_("last"), value="last_at", kind=Kind.TIME),
            ),
            empty=_("All that it sent was understood."),
        ),
        Panel(
            id="announced",
            title=_("Announced by itself"),
            form="table",
            source=announced,
            columns=(
                Column(id="name", label=_("object"), value=lambda row: row.title or row.name),
                Column(id="topic", label=_("topic"), value="topic"),
                Column(id="metric", label=_("metric"), value=understood, kind=Kind.CHIP),
                Column(id="detail", label=_("detail"), value="detail"),
                Column(id="at", label=_("announced at"), value="at", kind=Kind.TIME),
            ),
            empty=_("It publishes in the form of this town, and announces nothing."),
        ),
        Panel(
            id="orders",
            title=_("What it was told"),
            form="table",
            source=orders.orders_of,
            columns=(
                Column(id="command", label=_("command"), value="command_name"),
                Column(id="state", label=_("state"), value=order_state, kind=Kind.CHIP),
                Column(id="said", label=_("what the device said"), value="said"),
                Column(id="by", label=_("ordered by"), value="asked_by", kind=Kind.PERSON),
                Column(id="at", label=_("ordered at"), value="asked_at", kind=Kind.TIME),
            ),
            empty=_("Nobody has told it to do anything."),
        ),
        DEVICE_RATE,
        DEVICE_HISTORY,
        Panel(id="links", title=_("Signing in"), form="links", source=credential_links, permission=CREDENTIALS),
        Panel(id="history", title=_("History"), form="timeline", source=told, wide=True),
    ),
    buttons=(
        Button(
            id="order",
            label=_("Tell it to do something"),
            permission=ORDER,
            form="telemetry.device_order",
            shown=can_order,
            key="o",
        ),
        Button(id="edit", label=_("Edit"), permission=MANAGE, form="telemetry.device_edit", key="e"),
        Button(
            id="retire",
            label=_("Retire"),
            permission=MANAGE,
            form="telemetry.device_retire",
            shown=lambda _actor, row: row.state == Device.State.ACTIVE,
        ),
        Button(
            id="restore",
            label=_("Put into service again"),
            permission=MANAGE,
            run=restore,
            confirm=_("The device counts again, and needs a new credential."),
            shown=lambda _actor, row: row.state == Device.State.RETIRED,
        ),
    ),
    live=LIVE,
    follows=True,
    every=5,
)


# one metric of a device


def one_metric(actor: Actor, key: str) -> Measured:
    match = re.fullmatch(r"(?P<code>[^@]{1,64})@(?P<metric>[a-z0-9_]{1,40})", key)
    if match is None:
        raise Missing(key)
    row = device(actor, match["code"])
    for found in measured(actor, row):
        if found.metric.code == match["metric"]:
            return found
    raise Missing(key)


def chart(row: Device, metric: Metric, length: timedelta) -> Chart | None:
    """The lowest and highest of each stretch of time up to now; None where nothing was measured."""
    number = MetricCode.objects.filter(code=metric.code).values_list("pk", flat=True).first()
    now = clock.now()
    found = history(row.pk, number, now - length, now) if number is not None else []
    lows = [stretch.low for stretch in found if stretch.low is not None]
    highs = [stretch.high for stretch in found if stretch.high is not None]
    if not lows:
        return None
    form = "%H:%M" if length <= DAY else "%m-%d"
    says = _("%(name)s between %(low)s and %(high)s %(unit)s.") % {
        "name": metric.name,
        "low": f"{min(lows):g}",
        "high": f"{max(highs):g}",
        "unit": metric.unit,
    }
    return Chart(
        says=says,
        labels=[f"{stretch.at.astimezone(TOWN_ZONE):{form}}" for stretch in found],
        series=(
            Series(name=_("highest"), values=[stretch.high for stretch in found], tone=Tone.BEHIND),
            Series(name=_("lowest"), values=[stretch.low for stretch in found], tone=Tone.ON_TRACK),
        ),
        unit=metric.unit,
    )


def over(length: timedelta) -> Any:
    return lambda _actor, row: chart(row.device, row.metric, length)


METRIC = DetailPage(
    id="telemetry.metric",
    title=_("metric of a device"),
    permission=VIEW,
    subject=one_metric,
    heading=lambda row: f"{row.device.name} · {row.metric.name}",
    panels=(
        Panel(
            id="now",
            title=_("Now"),
            form="facts",
            source=lambda _actor, row: (
                Fact(label=_("value"), value=written(row)),
                Fact(label=_("time of the reading"), value=row.at or "—", kind=Kind.TIME if row.at else Kind.TEXT),
                Fact(label=_("device"), value=of(row.device), kind=Kind.LINK),
            ),
        ),
        Panel(
            id="day", title=_("The last day"), form="chart", source=over(DAY), wide=True, empty=_("Nothing measured.")
        ),
        Panel(
            id="month",
            title=_("The last 30 days"),
            form="chart",
            source=over(MONTH),
            wide=True,
            empty=_("Nothing measured."),
        ),
        Panel(
            id="year",
            title=_("The last year"),
            form="chart",
            source=over(YEAR),
            wide=True,
            empty=_("Nothing measured."),
        ),
    ),
)


# forms


def new_form(_actor: Actor, _subject: None, data: Any, _files: Any) -> DeviceForm:
    return DeviceForm(data, initial={"installed_on": clock.today()})


def edit_form(_actor: Actor, row: Device, data: Any, _files: Any) -> DeviceForm:
    return DeviceForm.of(row, data)


def save_new(actor: Actor, _subject: None, form: DeviceForm) -> str:
    made = actions.register(actor, form.device())
    return reverse("page:telemetry.device", kwargs={"key": made.code})


def save_edit(actor: Actor, row: Device, form: DeviceForm) -> str:
    actions.edit(actor, row, form.device())
    return reverse("page:telemetry.device", kwargs={"key": row.code})


PAGES = (
    LIST,
    DEVICE,
    METRIC,
    FormPage(
        id="telemetry.device_new",
        title=_("Enter a device"),
        permission=MANAGE,
        form=new_form,
        save=save_new,
        submit=_("Enter"),
    ),
    FormPage(
        id="telemetry.device_edit",
        title=_("Edit a device"),
        permission=MANAGE,
        subject=device,
        form=edit_form,
        save=save_edit,
        submit=_("Save"),
        draft=False,
    ),
    FormPage(
        id="telemetry.device_order",
        title=_("Tell a device to do something"),
        permission=ORDER,
        intro=_("It is sent until the device answers, for ten minutes at most. Make sure that nobody is in the way."),
        subject=device,
        form=lambda _actor, row, data, _files: OrderForm(row, data),
        save=save_order,
        submit=_("Tell it"),
        draft=False,
    ),
    FormPage(
        id="telemetry.device_retire",
        title=_("Retire a device"),
        permission=MANAGE,
        intro=_("It can no longer sign in. What it measured stays."),
        subject=device,
        form=lambda _actor, _row, data, _files: RetireForm(data),
        save=retire,
        submit=_("Retire"),
        draft=False,
    ),
)
