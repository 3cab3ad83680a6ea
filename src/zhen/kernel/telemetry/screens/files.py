"""Tables of devices: brought, looked at, taken or left."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.pages.api import Button, Chip, Column, DetailPage, FormPage, Kind, ListPage, Missing, Panel, Tone
from zhen.kernel.telemetry.devices import importing
from zhen.kernel.telemetry.devices.values import MANAGE
from zhen.kernel.telemetry.models import DeviceFile
from zhen.kernel.telemetry.screens.forms import FileForm

State = DeviceFile.State
TONES = {State.WAITING: Tone.DUE_SOON, State.TAKEN: Tone.ON_TRACK, State.LEFT: Tone.NEUTRAL}


def file(actor: Actor, key: str) -> DeviceFile:
    try:
        found = importing.files(actor).filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise Missing(key)
    return found


def state(row: DeviceFile) -> Chip:
    known = State(row.state)
    return Chip(text=known.label, tone=TONES[known])


def of(name: str) -> Any:
    return lambda row: row[name]


def save(actor: Actor, _subject: None, form: FileForm) -> str:
    sent = form.cleaned_data["file"]
    made = importing.bring(actor, sent.read(), sent.name)
    return reverse("page:telemetry.device_file", kwargs={"key": str(made.pk)})


def take(actor: Actor, row: DeviceFile, _data: Any) -> None:
    importing.take(actor, row.pk)


def leave(actor: Actor, row: DeviceFile, _data: Any) -> None:
    importing.leave(actor, row.pk)


def waits(_actor: Actor, row: DeviceFile) -> bool:
    return row.state == State.WAITING and bool(row.rows)


ROW = Column(id="row", label=_("row"), value=of("row"), kind=Kind.NUMBER)
CODE = Column(id="code", label=_("code"), value=of("code"))
PAGES = (
    ListPage(
        id="telemetry.device_files",
        title=_("Tables of devices"),
        permission=MANAGE,
        rows=lambda actor, _params: importing.files(actor),
        columns=(
            Column(id="file", label=_("file"), value="file_name", width="wide"),
            Column(id="state", label=_("state"), value=state, kind=Kind.CHIP),
            Column(id="readable", label=_("devices"), value="readable", kind=Kind.NUMBER),
            Column(id="faults", label=_("refused rows"), value=lambda row: len(row.faults), kind=Kind.NUMBER),
            Column(id="at", label=_("sent at"), value="at", kind=Kind.TIME, sort="at"),
        ),
        order_by=("-at",),
        detail="telemetry.device_file",
        buttons=(Button(id="new", label=_("Bring a table"), permission=MANAGE, form="telemetry.device_file_new"),),
        empty=_("No table of devices was brought yet."),
    ),
    DetailPage(
        id="telemetry.device_file",
        title=_("table of devices"),
        permission=MANAGE,
        subject=file,
        heading=lambda row: row.file_name,
        chips=lambda row: (state(row),),
        panels=(
            Panel(
                id="faults",
                title=_("refused rows"),
                form="table",
                source=lambda _actor, row: row.faults,
                columns=(ROW, CODE, Column(id="reason", label=_("reason"), value=of("reason"), width="wide")),
                wide=True,
                empty=_("No row was refused."),
            ),
            Panel(
                id="rows",
                title=_("Devices that can be entered"),
                form="table",
                source=lambda _actor, row: row.rows,
                columns=(
                    ROW,
                    CODE,
                    Column(id="name", label=_("name"), value=of("name"), width="wide"),
                    Column(id="profile", label=_("device profile"), value=of("profile")),
                    Column(id="spot", label=_("where exactly"), value=of("spot")),
                    Column(id="gateway", label=_("behind the gateway"), value=of("gateway")),
                ),
                wide=True,
                empty=_("None."),
            ),
        ),
        buttons=(
            Button(
                id="take",
                label=_("Enter the devices"),
                permission=MANAGE,
                run=take,
                confirm=_("Every device of the table is entered, or none."),
                shown=waits,
            ),
            Button(
                id="leave",
                label=_("Leave it"),
                permission=MANAGE,
                run=leave,
                confirm=_("Nothing of the table is entered."),
                shown=waits,
            ),
        ),
    ),
    FormPage(
        id="telemetry.device_file_new",
        title=_("Bring a table of devices"),
        permission=MANAGE,
        intro=_("The table is read and looked at first; only then its devices are entered."),
        form=lambda _actor, _subject, data, files: FileForm(data, files),
        save=save,
        submit=_("Look at it"),
        draft=False,
    ),
)
