"""Requests about personal data and legal holds, for those who decide on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal import api as journal
from zhen.kernel.pages.api import Button, Chip, Choice, Column, DetailPage, Filter, FormPage, Kind, ListPage, Panel
from zhen.kernel.parties import queries
from zhen.kernel.parties.actions import requests, retention
from zhen.kernel.parties.forms import DecideForm, HoldForm
from zhen.kernel.parties.models import DataRequest, Hold, Person
from zhen.kernel.parties.screens.common import address, telling

DECIDE, HOLD = requests.DECIDE, requests.HOLD


def _outcome(row: DataRequest) -> Chip:
    return Chip(text=row.get_outcome_display())


def _facts(_actor: Actor, row: DataRequest) -> Iterable[tuple[Any, Any]]:
    return (
        (_("Person"), row.person or "—"),
        (_("Kind"), row.get_kind_display()),
        (_("in the person's words"), row.text),
        (_("made at"), row.made_at),
        (_("due on"), row.due_on),
        (_("Outcome"), row.get_outcome_display()),
        (_("Answer and reasons"), row.answer or "—"),
    )


REQUESTS = ListPage(
    id="parties.requests",
    title=_("Requests about personal data"),
    menu=_("Personal data requests"),
    icon="inbox",
    order=42,
    permission=DECIDE,
    rows=lambda actor, params: queries.requests(actor),
    columns=(
        Column(id="due_on", label=_("due on"), value="due_on", sort="due_on", kind=Kind.DATE),
        Column(id="kind", label=_("Kind"), value=lambda row: row.get_kind_display(), sort="kind"),
        Column(id="person", label=_("Person"), value=lambda row: str(row.person or "—"), kind=Kind.PERSON),
        Column(id="outcome", label=_("Outcome"), value=_outcome, kind=Kind.CHIP),
    ),
    filters=(
        Filter(
            id="outcome",
            label=_("Outcome"),
            apply=lambda rows, value: rows.filter(outcome=value),
            choices=tuple(Choice(value=value, label=label) for value, label in DataRequest.Outcome.choices),
        ),
    ),
    order_by=("due_on", "pk"),
    detail="parties.request",
    empty=_("No request has come in. People ask on the page “My data” or at a counter."),
)


def _deletion_granted(_actor: Any, row: DataRequest) -> bool:
    return row.kind == DataRequest.Kind.DELETE and row.outcome == DataRequest.Outcome.GRANTED and bool(row.person_id)


def _erase(actor: Actor, row: DataRequest, _data: Any) -> None:
    retention.erase_person(actor, row.person_id, request=row.pk)


REQUEST = DetailPage(
    id="parties.request",
    title=_("Request about personal data"),
    permission=DECIDE,
    subject=queries.request,
    heading=lambda row: row.get_kind_display(),
    chips=lambda row: (_outcome(row),),
    buttons=(
        Button(
            id="decide",
            label=_("Decide"),
            permission=DECIDE,
            form="parties.decide_request",
            shown=lambda actor, row: row.outcome == DataRequest.Outcome.OPEN,
        ),
        Button(
            id="erase",
            label=_("Delete the person"),
            permission=retention.ERASE,
            run=telling(_erase),
            confirm=_("Everything about the person is deleted for good. Only the proof of it stays."),
            shown=_deletion_granted,
        ),
    ),
    panels=(
        Panel(id="facts", title=_("Particulars"), form="facts", source=_facts),
        Panel(id="history", title=_("History"), form="timeline", source=lambda actor, row: journal.timeline(row)),
    ),
)


def _release(actor: Actor, chosen: Iterable[Hold], _data: Any) -> None:
    for row in chosen:
        requests.release(actor, row.pk)


HOLDS = ListPage(
    id="parties.holds",
    title=_("Legal holds"),
    menu=_("Legal holds"),
    icon="lock",
    order=43,
    permission="parties.retention.view",
    intro=_("While a hold lasts, nothing about the person is deleted. Everything else is, and no setting stops it."),
    rows=lambda actor, params: queries.holds(actor),
    columns=(
        Column(id="person", label=_("Person"), value=lambda row: str(row.person), kind=Kind.PERSON),
        Column(id="reason", label=_("Reason and legal ground"), value="reason"),
        Column(id="approved_by", label=_("Approved by"), value="approved_by"),
        Column(id="from", label=_("from"), value="valid_from", sort="valid_from", kind=Kind.DATE),
        Column(id="to", label=_("to"), value="valid_to", sort="valid_to", kind=Kind.DATE),
    ),
    order_by=("-valid_from", "pk"),
    bulk=(
        Button(
            id="release",
            label=_("Release"),
            permission=HOLD,
            run=telling(_release),
            confirm=_("{count} holds end; what has run out is deleted in the next night."),
        ),
    ),
    empty=_("There is no legal hold: what runs out is deleted."),
)


def _decide(actor: Actor, row: DataRequest, form: DecideForm) -> str:
    requests.decide(actor, row.pk, **form.cleaned_data)
    return address("parties.request", row.pk)


def _hold(actor: Actor, person: Person, form: HoldForm) -> str:
    requests.hold(actor, person.pk, **form.cleaned_data)
    return address("parties.person", person.pk)


GUARDING_PAGES = (
    REQUESTS,
    REQUEST,
    HOLDS,
    FormPage(
        id="parties.decide_request",
        title=_("Decide a request about personal data"),
        permission=DECIDE,
        subject=queries.request,
        form=lambda actor, row, data, files: DecideForm(data),
        save=telling(_decide),
        submit=_("Decide"),
        draft=False,
    ),
    FormPage(
        id="parties.set_hold",
        title=_("Set a legal hold"),
        permission=HOLD,
        subject=queries.person,
        form=lambda actor, person, data, files: HoldForm(data),
        save=telling(_hold),
        submit=_("Set the hold"),
        draft=False,
    ),
)
