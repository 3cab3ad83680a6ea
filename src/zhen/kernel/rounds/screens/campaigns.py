"""Campaigns: the list, one with how far it has come, and the forms that plan it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Fact,
    Figure,
    Filter,
    FormPage,
    Kind,
    Link,
    ListPage,
    Month,
    Panel,
    Tone,
)
from zhen.kernel.places.api import names_at
from zhen.kernel.rounds import forms, rights
from zhen.kernel.rounds.actions import campaigns as actions
from zhen.kernel.rounds.actions.drawing import recuse
from zhen.kernel.rounds.declarations import EVERY_NAMES, NO, NOT_APPLICABLE, SUBJECT_SOURCES, YES
from zhen.kernel.rounds.models import Campaign, Finding, Round, Visit
from zhen.kernel.rounds.queries import campaigns as queries
from zhen.kernel.rounds.queries.checklists import in_use
from zhen.kernel.rounds.queries.visits import findings, visits
from zhen.kernel.rounds.screens.common import (
    FINDING_COLUMNS,
    STATES,
    VISIT_COLUMNS,
    campaign_url,
    dots,
)

MOST_COUNTS = 300
MOST_NEXT = 60
MOST_DOTS = 400
"""So many visits stand on the map: the next ones first."""
BUSY = 20
"""From so many visits on, a day of the calendar is marked as a full one."""
State = Campaign.State
WORDS = {YES: _("yes"), NO: _("no"), NOT_APPLICABLE: _("not applicable")}
ON_MAP = ("state", "outcome", "due_on", "subject__name", "subject__lon", "subject__lat")
"""What a dot tells."""


def state(campaign: Campaign) -> Chip:
    known = State(campaign.state)
    return Chip(text=known.label, tone=STATES[known])


def every(campaign: Campaign) -> Any:
    return EVERY_NAMES[campaign.every]


def source_name(campaign: Campaign) -> Any:
    source = SUBJECT_SOURCES.get(campaign.source)
    return source.name if source else campaign.source


def facts(_actor: Actor, campaign: Campaign) -> list[Fact]:
    version = in_use(campaign.checklist)
    people = "、".join(str(one.user) for one in campaign.inspectors.select_related("user")[:20])
    chosen = [_("all")] if not campaign.query and campaign.unseen_days is None else []
    narrowed = [*chosen, *_query_texts(campaign)]
    if campaign.unseen_days is not None:
        narrowed.append(_("not seen for %(days)s days") % {"days": campaign.unseen_days})
    return [
        Fact(label=_("checklist"), value=version.name if version else campaign.checklist),
        Fact(label=pgettext_lazy("of subjects", "register"), value=source_name(campaign)),
        Fact(label=_("which of them"), value="；".join(str(one) for one in narrowed)),
        Fact(label=_("unit in charge"), value=campaign.unit.name),
        Fact(label=pgettext_lazy("of rounds", "how often"), value=every(campaign)),
        Fact(label=_("from"), value=campaign.starts_on, kind=Kind.DATE),
        Fact(label=_("to"), value=campaign.ends_on, kind=Kind.DATE),
        Fact(label=_("how many are drawn"), value=campaign.sample, kind=Kind.NUMBER),
        Fact(label=_("people on a visit"), value=campaign.people, kind=Kind.NUMBER),
        Fact(label=_("inspectors"), value=people, kind=Kind.PERSON),
        *_kept(campaign),
    ]


def _kept(campaign: Campaign) -> list[Fact]:
    """Of an enumeration: when its answers were erased, and that none is left."""
    if not campaign.counts_only:
        return []
    facts = [Fact(label=_("only counts are kept"), value=_("yes"))]
    if campaign.counted_at is not None:
        left = queries.answers_left(campaign)
        facts.append(Fact(label=_("counted, answers erased at"), value=campaign.counted_at, kind=Kind.TIME))
        facts.append(Fact(label=_("visits that still hold an answer"), value=left, kind=Kind.NUMBER))
    return facts


def counted(_actor: Actor, campaign: Campaign) -> Any:
    """What is left of an enumeration."""
    rows = list(queries.counts_of(campaign)[:MOST_COUNTS])
    names = names_at((one.area_id for one in rows if one.area_id), clock.today())
    return [
        {
            "text": one.text,
            "answer": WORDS.get(one.answer, one.answer),
            "area": names.get(one.area_id or 0, _("small areas together")),
            "number": one.number,
            "total": one.total or None,
        }
        for one in rows
    ]


def _query_texts(campaign: Campaign) -> list[Any]:
    source = SUBJECT_SOURCES.get(campaign.source)
    if source is None:
        return []
    chosen = ((one, campaign.query[one.id]) for one in source.filters if one.id in campaign.query)
    return [next((choice.label for choice in one.choices() if choice.value == value), value) for one, value in chosen]


def figures(_actor: Actor, campaign: Campaign) -> list[Figure]:
    round_ = queries.current_round(campaign)
    if round_ is None:
        return []
    found = queries.coverage(round_, clock.today())
    period = f"{round_.first:%m-%d} – {round_.last:%m-%d}"
    late = Tone.OVERDUE if found.late else Tone.NEUTRAL
    return [
        Figure(label=_("coverage"), value=found.share, unit="%", period=period, why=_("Nothing is planned yet.")),
        Figure(label=_("subjects"), value=found.subjects, period=period),
        Figure(label=_("seen"), value=found.seen, period=period),
        Figure(label=_("nobody there or refused"), value=found.nobody + found.refused, period=period),
        Figure(label=_("still planned"), value=found.planned, period=period),
        Figure(label=_("overdue"), value=found.late, period=period, tone=late),
        Figure(label=_("with findings"), value=found.with_findings, period=period),
    ]


def areas(_actor: Actor, campaign: Campaign) -> Any:
    round_ = queries.current_round(campaign)
    return queries.by_area(round_) if round_ else []


def calendar(_actor: Actor, campaign: Campaign) -> list[Month]:
    """What is due on which day, from this month on."""
    round_ = queries.current_round(campaign)
    counts = queries.due_by_day(round_) if round_ else {}
    months = sorted({day.replace(day=1) for day in counts})[:3]
    return [Month(first=first, marks={day: _mark(day, n) for day, n in counts.items()}) for first in months]


def _mark(day: date, count: int) -> Chip:
    tone = Tone.OVERDUE if day < clock.today() else Tone.BEHIND if count >= BUSY else Tone.DUE_SOON
    return Chip(text=str(count), tone=tone)


def rows_of(actor: Actor, campaign: Campaign) -> QuerySet[Visit]:
    round_ = queries.current_round(campaign)
    return visits(actor).filter(round=round_) if round_ else Visit.objects.none()


def next_visits(actor: Actor, campaign: Campaign) -> list[Visit]:
    """The first of them; how many are still planned stands among the figures, and nothing counts them again."""
    rows = rows_of(actor, campaign).filter(state=Visit.State.PLANNED).order_by("planned_on", "place_in_day", "pk")
    return list(rows[:MOST_NEXT])


def found(actor: Actor, campaign: Campaign) -> QuerySet[Finding]:
    own = list(campaign.rounds.values_list("pk", flat=True))
    return findings(actor).filter(round__in=own).order_by("over_at", "-found_at")


def map_of(actor: Actor, campaign: Campaign) -> dict[str, Any]:
    """What is planned next, and where that leaves room, what was done last."""
    rows = rows_of(actor, campaign).select_related(None).select_related("subject").only(*ON_MAP)
    ahead = list(rows.filter(state=Visit.State.PLANNED).order_by("planned_on", "place_in_day", "pk")[:MOST_DOTS])
    done = rows.filter(state=Visit.State.DONE).order_by("-done_at", "-pk")[: MOST_DOTS - len(ahead)]
    return dots([*ahead, *done] if len(ahead) < MOST_DOTS else ahead)


def rounds(_actor: Actor, campaign: Campaign) -> QuerySet[Round]:
    return campaign.rounds.select_related("draw").order_by("-number")


def draw_link(round_: Round) -> Link | str:
    draw = getattr(round_, "draw", None)
    if draw is None:
        return ""
    text = _("draw") if draw.drawn_at is None else _("drawn")
    return Link(text=text, url=reverse("page:rounds.draw", kwargs={"key": draw.pk}))


def save_new(actor: Actor, _subject: None, form: forms.CampaignForm) -> str:
    return campaign_url(actions.make(actor, form.campaign()))


def save(actor: Actor, campaign: Campaign, form: forms.CampaignForm) -> str:
    return campaign_url(actions.change(actor, campaign, form.campaign()))


def start(actor: Actor, campaign: Campaign, _data: Any) -> str:
    return campaign_url(actions.start(actor, campaign))


def save_end(actor: Actor, campaign: Campaign, form: forms.ReasonForm) -> str:
    return campaign_url(actions.end(actor, campaign, form.cleaned_data["reason"]))


def save_recusal(actor: Actor, campaign: Campaign, form: forms.RecuseForm) -> str:
    given = form.cleaned_data
    recuse(actor, campaign, given["inspector"].pk, given["subjects"].splitlines())
    return campaign_url(campaign)


PAGES = (
    ListPage(
        id="rounds.campaigns",
        title=_("Campaigns"),
        menu=_("Campaigns"),
        icon="clipboard-check",
        order=60,
        permission=rights.VIEW,
        intro=_("What is looked at, where, by whom and how often."),
        rows=lambda actor, _params: queries.campaigns(actor),
        columns=(
            Column(id="title", label=_("title"), value="title", sort="title", width="wide"),
            Column(id="source", label=pgettext_lazy("of subjects", "register"), value=source_name),
            Column(id="unit", label=_("unit in charge"), value="unit.name", sort="unit__name"),
            Column(id="every", label=pgettext_lazy("of rounds", "how often"), value=every),
            Column(id="from", label=_("from"), value="starts_on", kind=Kind.DATE, sort="starts_on"),
            Column(id="to", label=_("to"), value="ends_on", kind=Kind.DATE, sort="ends_on"),
            Column(id="state", label=_("state"), value=state, kind=Kind.CHIP, sort="state"),
        ),
        filters=(
            Filter(
                id="state",
                label=_("state"),
                apply=lambda rows, value: rows.filter(state=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in State),
            ),
        ),
        search=lambda rows, words: rows.filter(title__icontains=words),
        order_by=("-starts_on", "-pk"),
        detail="rounds.campaign",
        buttons=(
            Button(id="new", label=_("Plan a campaign"), permission=rights.PLAN, form="rounds.campaign_new", key="n"),
        ),
        empty=_("No campaign is planned. Plan the first one."),
    ),
    DetailPage(
        id="rounds.campaign",
        title=pgettext_lazy("of inspections", "campaign"),
        permission=rights.VIEW,
        subject=queries.campaign_for,
        heading=lambda campaign: campaign.title,
        chips=lambda campaign: (state(campaign),),
        panels=(
            Panel(
                id="figures",
                title=_("How far it has come"),
                form="figures",
                source=figures,
                wide=True,
                empty=_("No round is planned yet."),
            ),
            Panel(id="facts", title=_("What is planned"), form="facts", source=facts),
            Panel(
                id="calendar",
                title=_("What is due"),
                form="calendar",
                source=calendar,
                empty=_("No visit is planned any more."),
            ),
            Panel(
                id="counts",
                title=_("What was counted"),
                form="table",
                source=counted,
                columns=(
                    Column(id="text", label=_("what was asked"), value="text", width="wide"),
                    Column(id="answer", label=pgettext_lazy("on a checklist", "answer"), value="answer"),
                    Column(id="area", label=_("area"), value="area"),
                    Column(id="number", label=_("how many"), value="number", kind=Kind.NUMBER),
                    Column(id="total", label=_("sum"), value="total", kind=Kind.NUMBER),
                ),
                wide=True,
                empty=_("Only a campaign that keeps counts alone shows them, once it is over."),
            ),
            Panel(id="map", title=_("Where"), form="map", source=map_of, wide=True),
            Panel(
                id="next",
                title=_("Next visits"),
                form="table",
                source=next_visits,
                columns=VISIT_COLUMNS[:-1],
                detail="rounds.visit",
                wide=True,
                empty=_("No visit is planned any more."),
            ),
            Panel(
                id="findings",
                title=pgettext_lazy("of visits", "Findings"),
                form="table",
                source=found,
                columns=(Column(id="subject", label=_("subject of visits"), value="subject.name"), *FINDING_COLUMNS),
                wide=True,
                empty=_("Nothing was found so far."),
            ),
            Panel(
                id="areas",
                title=_("By area"),
                form="table",
                source=areas,
                columns=(
                    Column(id="name", label=_("area"), value="name"),
                    Column(id="visits", label=_("visits"), value="visits", kind=Kind.NUMBER),
                    Column(id="done", label=_("done"), value="done", kind=Kind.NUMBER),
                    Column(id="found", label=_("with findings"), value="with_findings", kind=Kind.NUMBER),
                ),
                empty=_("No round is planned yet."),
            ),
            Panel(
                id="rounds",
                title=pgettext_lazy("of a campaign", "Rounds"),
                form="table",
                source=rounds,
                columns=(
                    Column(id="number", label=_("number"), value="number", kind=Kind.NUMBER),
                    Column(id="first", label=_("from"), value="first", kind=Kind.DATE),
                    Column(id="last", label=_("to"), value="last", kind=Kind.DATE),
                    Column(id="visits", label=_("visits"), value="visits_planned", kind=Kind.NUMBER),
                    Column(id="draw", label=_("draw"), value=draw_link, kind=Kind.LINK),
                ),
                empty=_("No round is planned yet."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="start",
                label=_("Start"),
                permission=rights.PLAN,
                run=start,
                confirm=_("The first round is planned now, and visits are given to its inspectors."),
                shown=lambda _actor, campaign: campaign.state == State.DRAFT,
            ),
            Button(
                id="edit",
                label=_("Edit"),
                permission=rights.PLAN,
                form="rounds.campaign_edit",
                key="e",
                shown=lambda _actor, campaign: campaign.state == State.DRAFT,
            ),
            Button(
                id="recuse",
                label=_("Record a recusal"),
                permission=rights.PLAN,
                form="rounds.campaign_recuse",
                shown=lambda _actor, campaign: campaign.random and campaign.state != State.ENDED,
            ),
            Button(
                id="end",
                label=_("End early"),
                permission=rights.PLAN,
                form="rounds.campaign_end",
                shown=lambda _actor, campaign: campaign.state == State.RUNNING,
            ),
        ),
        live=frozenset({"rounds.visited", "rounds.round_planned"}),
    ),
    FormPage(
        id="rounds.campaign_new",
        title=_("Plan a campaign"),
        permission=rights.PLAN,
        form=lambda actor, _subject, data, _files: forms.CampaignForm(actor, data),
        save=save_new,
        submit=_("Keep as a draft"),
    ),
    FormPage(
        id="rounds.campaign_edit",
        title=_("Edit the campaign"),
        permission=rights.PLAN,
        subject=queries.campaign_for,
        form=lambda actor, campaign, data, _files: forms.CampaignForm(actor, data, campaign),
        save=save,
        submit=_("Save"),
    ),
    FormPage(
        id="rounds.campaign_end",
        title=_("End the campaign early"),
        permission=rights.PLAN,
        subject=queries.campaign_for,
        form=lambda _actor, _campaign, data, _files: forms.ReasonForm(data),
        save=save_end,
        submit=_("End early"),
    ),
    FormPage(
        id="rounds.campaign_recuse",
        title=_("Record a recusal"),
        intro=_("Whoever is related to a subject does not inspect it. It holds for draws from now on."),
        permission=rights.PLAN,
        subject=queries.campaign_for,
        form=lambda _actor, campaign, data, _files: forms.RecuseForm(data, campaign),
        save=save_recusal,
        submit=_("Record"),
    ),
)
