"""The pages of oversight."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal.api import CONSUMERS, EVENT_KINDS, Event, Position, entry
from zhen.kernel.oversight import actions, queries
from zhen.kernel.oversight.queries import Work
from zhen.kernel.oversight.rights import READ_JOURNAL, READ_SEALS, READ_WORK, RESTART
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DashboardPage,
    DetailPage,
    Filter,
    Kind,
    ListPage,
    Panel,
    Tone,
)


def _kinds(_actor: Actor) -> Sequence[Choice]:
    return [Choice(value=kind.id, label=kind.id) for kind in sorted(EVENT_KINDS, key=lambda kind: kind.id)]


def _subject(event: Event) -> str:
    return f"{event.subject_type} {event.subject_id}"


ACTORS = (
    Choice(value="user", label=_("people")),
    Choice(value="token", label=_("API tokens")),
    Choice(value="system", label=_("the system itself")),
    Choice(value="anonymous", label=_("the public")),
)
DAYS = (
    Choice(value="1", label=_("today")),
    Choice(value="7", label=_("the last 7 days")),
    Choice(value="30", label=_("the last 30 days")),
)

EVENTS = ListPage(
    id="oversight.events",
    title=_("Journal"),
    menu=_("Journal"),
    icon="scroll-text",
    order=10,
    permission=READ_JOURNAL,
    intro=_("Everything that was done, and every look at sensitive personal data. Nothing here can be changed."),
    rows=lambda actor, params: queries.events(actor),
    columns=(
        Column(id="at", label=_("time"), value="at", kind=Kind.TIME, sort="at"),
        Column(id="actor", label=_("actor"), value=lambda event: entry(event).actor),
        Column(id="text", label=_("what"), value=lambda event: entry(event).text),
        Column(id="kind", label=_("kind"), value="kind"),
        Column(id="subject", label=_("subject"), value=_subject),
    ),
    filters=(
        Filter(id="kind", label=_("kind"), apply=lambda rows, value: rows.filter(kind=value), choices=_kinds),
        Filter(id="by", label=_("done by"), apply=lambda rows, value: rows.filter(actor_kind=value), choices=ACTORS),
        Filter(id="days", label=_("time"), apply=queries.since_days, choices=DAYS),
    ),
    search=lambda rows, text: rows.filter(actor_name__icontains=text) | rows.filter(subject_id=text),
    order_by=("-id",),
    detail="oversight.event",
    empty=_("Whatever somebody does is written here in the same moment."),
)


def _facts(_actor: Actor, event: Event) -> Iterable[tuple[Any, Any]]:
    told = entry(event)
    return (
        (_("number"), event.id),
        (_("time"), date_format(localtime(event.at), "DATETIME_FORMAT")),
        (_("actor"), told.actor),
        (_("what"), told.text),
        (_("kind"), event.kind),
        (_("subject"), _subject(event)),
    )


def _data(_actor: Actor, event: Event) -> str:
    return json.dumps(event.data, ensure_ascii=False, indent=2, sort_keys=True) if event.data else ""


def _sealed(actor: Actor, event: Event) -> Iterable[tuple[Any, Any]]:
    seal = queries.seal_over(actor, event)
    if seal is None:
        return ((_("seal"), gettext("not yet; the journal is sealed every minute")),)
    return (
        (_("seal"), seal.number),
        (_("sealed at"), date_format(localtime(seal.sealed_at), "DATETIME_FORMAT")),
        (_("algorithm"), seal.algorithm),
        (_("hash"), bytes(seal.hash).hex()),
    )


EVENT = DetailPage(
    id="oversight.event",
    title=_("Event"),
    permission=READ_JOURNAL,
    subject=queries.event,
    heading=lambda event: entry(event).text,
    panels=(
        Panel(id="facts", title=_("Event"), form="facts", source=_facts),
        Panel(id="seal", title=_("Seal"), form="facts", source=_sealed, permission=READ_SEALS),
        Panel(
            id="data",
            title=_("Recorded facts"),
            form="prose",
            source=_data,
            empty=_("This kind of event needs none."),
        ),
    ),
)

SEALS = ListPage(
    id="oversight.seals",
    title=_("Seals of the journal"),
    menu=_("Seals"),
    icon="stamp",
    order=20,
    permission=READ_SEALS,
    intro=_("`zhen audit verify` compares every row with its seal. Keep the newest hash outside the town's servers."),
    rows=lambda actor, params: queries.seals(actor),
    columns=(
        Column(id="number", label=_("number"), value="number", kind=Kind.NUMBER, sort="number"),
        Column(id="at", label=_("sealed at"), value="sealed_at", kind=Kind.TIME),
        Column(id="count", label=_("events"), value="count", kind=Kind.NUMBER),
        Column(id="last", label=_("last event"), value="last_event", kind=Kind.NUMBER),
        Column(id="algorithm", label=_("algorithm"), value="algorithm"),
        Column(id="hash", label=_("hash"), value=lambda seal: bytes(seal.hash).hex()),
    ),
    order_by=("-number",),
    empty=_("The worker seals the journal every minute."),
)


def _consumer(position: Position) -> str:
    declared = CONSUMERS.get(position.consumer)
    return str(declared.name) if declared else position.consumer


def _state(position: Position) -> Chip:
    tones = {
        Position.State.RUNNING: Tone.ON_TRACK,
        Position.State.RETRYING: Tone.BEHIND,
        Position.State.FAILED: Tone.OVERDUE,
    }
    state = Position.State(position.state)
    return Chip(text=state.label, tone=tones[state])


CONSUMERS_PAGE = ListPage(
    id="oversight.consumers",
    title=_("Consumers of the journal"),
    menu=_("Consumers"),
    icon="list-tree",
    order=40,
    permission=READ_WORK,
    intro=_("Each reads every event once, in order. One that stopped after errors goes on where it stopped."),
    rows=lambda actor, params: queries.consumers(actor),
    columns=(
        Column(id="name", label=_("consumer"), value=_consumer),
        Column(id="id", label=_("code"), value="consumer", sort="consumer"),
        Column(id="state", label=_("state"), value=_state, kind=Kind.CHIP, sort="state"),
        Column(id="moved", label=_("last progress"), value="moved_at", kind=Kind.TIME),
        Column(id="failures", label=_("errors in a row"), value="failures", kind=Kind.NUMBER),
        Column(id="error", label=_("last error"), value="error"),
        Column(id="retry", label=_("next attempt"), value="retry_at", kind=Kind.TIME),
    ),
    order_by=("consumer",),
    bulk=(
        Button(
            id="restart",
            label=_("Let go on"),
            permission=RESTART,
            run=lambda actor, chosen, data: actions.restart(actor, chosen),
            confirm=_("The chosen consumers that have stopped go on where they stopped."),
        ),
    ),
    empty=_("A consumer is listed once the worker has started it."),
)


def _doing(work: Work) -> Chip:
    if work.failed:
        return Chip(text=_("failed"), tone=Tone.OVERDUE)
    if work.run is not None and work.run.error:
        return Chip(text=_("trying again"), tone=Tone.BEHIND)
    if work.running:
        return Chip(text=_("running"), tone=Tone.ON_TRACK)
    return Chip(text=_("has run"), tone=Tone.ON_TRACK) if work.run else Chip(text=_("never ran"))


JOBS_PAGE = DashboardPage(
    id="oversight.jobs",
    title=_("Jobs"),
    menu=_("Jobs"),
    icon="cog",
    order=30,
    permission=READ_WORK,
    panels=(
        Panel(
            id="jobs",
            title=_("Jobs"),
            form="table",
            wide=True,
            source=lambda actor, params: queries.work(actor),
            columns=(
                Column(id="name", label=_("job"), value=lambda work: work.job.name),
                Column(id="state", label=_("state"), value=_doing, kind=Kind.CHIP),
                Column(id="every", label=_("at"), value="job.every"),
                Column(id="waiting", label=_("waiting"), value="waiting", kind=Kind.NUMBER),
                Column(id="running", label=_("running"), value="running", kind=Kind.NUMBER),
                Column(id="failed", label=_("failed"), value="failed", kind=Kind.NUMBER),
                Column(
                    id="ended", label=_("last run"), value=lambda work: work.run and work.run.ended_at, kind=Kind.TIME
                ),
                Column(id="error", label=_("error"), value=lambda work: work.run.error if work.run else ""),
            ),
            empty=_("No module declares a job."),
        ),
    ),
)

PAGES = (EVENTS, EVENT, SEALS, CONSUMERS_PAGE, JOBS_PAGE)
