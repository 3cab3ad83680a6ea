"""“My data”: what is held about me, why, until when, and who looked; for myself and at a counter."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import Chip, Column, DashboardPage, DetailPage, Face, FormPage, Kind, Link, Panel, Tone
from zhen.kernel.parties import holding, queries
from zhen.kernel.parties.actions import requests
from zhen.kernel.parties.forms import AskForm
from zhen.kernel.parties.models import DataRequest, Reading
from zhen.kernel.parties.screens.common import address, telling
from zhen.kernel.parties.screens.people import HOLD_COLUMNS, LOOK_COLUMNS

TONES = {
    DataRequest.Outcome.OPEN: Tone.DUE_SOON,
    DataRequest.Outcome.GRANTED: Tone.ON_TRACK,
}


def whose(actor: Actor) -> holding.Whose:
    """The signed-in user: his account, and the person on record where the two are tied."""
    person = queries.person_of(actor)
    return holding.Whose(person=person.pk if person else None, account=actor.user_id)


HELD_COLUMNS = (
    Column(id="kind", label=_("Record"), value="kind"),
    Column(id="what", label=_("What is held"), value="what"),
    Column(id="purpose", label=_("Purpose"), value="purpose"),
    Column(id="basis", label=_("Legal basis"), value="basis"),
    Column(id="until", label=_("Kept until"), value="until"),
)
REQUEST_COLUMNS = (
    Column(id="made_at", label=_("made at"), value="made_at", kind=Kind.TIME),
    Column(id="kind", label=_("Kind"), value=lambda row: row.get_kind_display()),
    Column(id="text", label=_("In your own words"), value="text"),
    Column(id="due_on", label=_("due on"), value="due_on", kind=Kind.DATE),
    Column(
        id="outcome",
        label=_("Outcome"),
        value=lambda row: Chip(text=row.get_outcome_display(), tone=TONES.get(row.outcome, Tone.NEUTRAL)),
        kind=Kind.CHIP,
    ),
    Column(id="answer", label=_("Answer and reasons"), value="answer"),
)


def _panels(find: Any) -> tuple[Panel, ...]:
    """The four panels; `find(actor, subject)` says about whom."""
    return (
        Panel(
            id="held",
            title=_("What is held"),
            form="table",
            wide=True,
            columns=HELD_COLUMNS,
            source=lambda actor, subject: holding.by_record(holding.held_about(find(actor, subject), clear=True)[0]),
            empty=_("Nothing is held about you."),
        ),
        Panel(
            id="looks",
            title=_("Who looked"),
            form="table",
            wide=True,
            columns=LOOK_COLUMNS,
            source=lambda actor, subject: holding.looks_at(find(actor, subject)),
            empty=_("Nobody has opened your sensitive data."),
        ),
        Panel(
            id="requests",
            title=_("Requests"),
            form="table",
            wide=True,
            columns=REQUEST_COLUMNS,
            source=lambda actor, subject: holding.requests_of(find(actor, subject)),
            empty=_("You have made no request. You may ask to correct or delete what is held."),
        ),
        Panel(
            id="holds",
            title=_("Legal holds"),
            form="table",
            columns=HOLD_COLUMNS,
            source=lambda actor, subject: holding.holds_of(find(actor, subject), clock.now()),
            empty=_("There is no legal hold: what runs out is deleted."),
        ),
    )


MINE = DashboardPage(
    id="parties.mine",
    title=_("My data"),
    menu=_("My data"),
    icon="shield",
    order=90,
    face=Face.PORTAL,
    permission=None,
    signed_in=True,
    intro=_("Everything the town holds about you: for what, by what right, until when, and who looked."),
    panels=(
        *_panels(lambda actor, subject: whose(actor)),
        Panel(
            id="ways",
            title=_("What you can do"),
            form="links",
            source=lambda actor, subject: (
                Link(text=_("Ask about my data"), url=address("parties.ask")),
                Link(text=_("Take everything along (JSON)"), url=reverse("web:my_data")),
            ),
        ),
    ),
)

DISCLOSURE = DetailPage(
    id="parties.disclosure",
    title=_("What is held about a person"),
    permission="parties.person.disclose",
    intro=_("For the person in front of you: print it or save it for him. It closes after ten minutes."),
    subject=queries.disclosure,
    heading=lambda opened: opened.person.name,
    chips=lambda opened: (Chip(text=opened.purpose),),
    panels=(
        *_panels(lambda actor, opened: about(opened)),
        Panel(
            id="ways",
            title=_("What you can do"),
            form="links",
            source=lambda actor, opened: (
                Link(text=_("Take everything along (JSON)"), url=reverse("web:disclosed_data", args=[opened.pk])),
            ),
        ),
    ),
)


def about(opened: Reading) -> holding.Whose:
    """The person whom a disclosure is about, with the account that is tied to him."""
    account = getattr(opened.person, "account", None)
    return holding.Whose(person=opened.person_id, account=account.account_id if account else None)


def _ask(actor: Actor, _subject: None, form: AskForm) -> str:
    requests.ask(actor, **form.cleaned_data)
    return address("parties.mine")


MINE_PAGES = (
    MINE,
    DISCLOSURE,
    FormPage(
        id="parties.ask",
        title=_("Ask about my data"),
        face=Face.PORTAL,
        permission=None,
        intro=_("You get an answer within 30 days, with reasons where it is not what you asked for."),
        form=lambda actor, subject, data, files: AskForm(data),
        save=telling(_ask),
        submit=_("Send"),
        draft=False,
    ),
)
