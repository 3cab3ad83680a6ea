"""What everybody may read of the works: a list, a page of each, and a way to object."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core import signing
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.lib import clock
from zhen.kernel.pages.api import (
    Column,
    DetailPage,
    Face,
    Fact,
    Figure,
    FormPage,
    HomePanel,
    Kind,
    Link,
    ListPage,
    Missing,
    Panel,
    Tone,
)
from zhen.packs.renewal import forms, queries
from zhen.packs.renewal.actions.consent import object_to
from zhen.packs.renewal.kinds import Matter
from zhen.packs.renewal.models import Milestone, Project
from zhen.packs.renewal.rules import Stage
from zhen.packs.renewal.screens.common import (
    KIND_FILTER,
    STAGE_FILTER,
    before_after,
    dots,
    milestone_chip,
    percent,
    rate_figures,
    schedule,
    stage_chip,
    standing_chip,
)

MOST_AT_HOME = 4
SENT = "zhen.renewal.objection"


def public_url(project: Project) -> str:
    return reverse("page:renewal.work", kwargs={"key": project.pk})


def facts(_actor: Actor, project: Project) -> list[Fact]:
    return [
        Fact(label=_("kind"), value=project.get_kind_display()),
        Fact(label=_("what is done"), value=project.about, kind=Kind.PROSE),
        Fact(label=_("address"), value=project.address, kind=Kind.PLACE),
        Fact(label=_("progress"), value=percent(project)),
        Fact(label=_("works begun on"), value=project.started_on, kind=Kind.DATE),
        *_planned_end(project),
        Fact(label=_("accepted on"), value=project.accepted_on, kind=Kind.DATE),
        Fact(label=_("warranty until"), value=project.warranty_until, kind=Kind.DATE),
        Fact(label=_("unit in charge"), value=project.unit.name),
        Fact(label=_("contractor"), value=project.contractor),
    ]


def _planned_end(project: Project) -> list[Fact]:
    if project.accepted_on is not None:
        return []
    return [Fact(label=_("acceptance planned for"), value=queries.planned_end(project), kind=Kind.DATE)]


def answers(_actor: Actor, project: Project) -> list[Figure]:
    """How the owners answered, as counts: of the last round that is over."""
    last = queries.consultations_of(project).filter(closed_on__isnull=False).order_by("-number").first()
    if last is None:
        return []
    of_asked = _("of %(asked)s households") % {"asked": last.asked}
    return [
        Figure(label=_("agreed"), value=last.agreed, unit=_("households"), period=of_asked, tone=Tone.ON_TRACK),
        Figure(label=_("against"), value=last.against, unit=_("households"), period=of_asked),
        Figure(label=_("abstained"), value=last.abstained, unit=_("households"), period=of_asked),
        Figure(label=_("not reached"), value=last.unreached, unit=_("households"), period=of_asked),
    ]


def hanging(project: Project, today: date) -> Any:
    """The publicity that hangs out today."""
    return queries.publicities_of(project).filter(starts_on__lte=today, ends_on__gte=today).first()


def how_to_object(_actor: Actor, project: Project) -> str:
    today = clock.today()
    if project.stage in (Stage.ACCEPTED, Stage.DROPPED):
        return str(_("Works are over. Tell %(unit)s of defects.") % {"unit": project.unit.name})
    now = hanging(project, today)
    if now is not None:
        text = _("The result hangs out until %(last)s: %(where)s. Until then and after, every objection is answered.")
        return text % {"last": now.ends_on.isoformat(), "where": now.where}
    if project.matter != Matter.NONE and project.cleared_on is None:
        return str(
            _("Works begin when enough owners have agreed, the result hung out and every objection is answered.")
        )
    return str(_("You can object to these works at any time. %(unit)s answers you.") % {"unit": project.unit.name})


def way_to_object(_actor: Actor, project: Project) -> list[Link]:
    if project.stage in (Stage.ACCEPTED, Stage.DROPPED):
        return []
    url = reverse("page:renewal.object", kwargs={"key": project.pk})
    return [Link(text=_("Object to these works"), url=url, icon="message-square")]


def milestones(_actor: Actor, project: Project) -> Any:
    return Milestone.objects.filter(project=project).select_related("project").order_by("order")


def save_objection(actor: Actor, project: Project, form: forms.PublicObjectionForm) -> str:
    case = object_to(actor, project, text=form.cleaned_data["text"], reporter=form.reporter())
    # signed: nobody reads from numbers in a row how many objections there are
    return reverse("page:renewal.objected", kwargs={"key": signing.dumps(case.number, salt=SENT)})


def objected(_actor: Actor, key: str) -> str:
    """The number of the objection that somebody has just sent."""
    try:
        return str(signing.loads(key, salt=SENT))
    except signing.BadSignature as fault:
        raise Missing("objection") from fault


def near(_actor: Actor, params: Any) -> list[Link]:
    """The newest works near the reader, or in the whole town."""
    rows = queries.published().filter(dropped_on__isnull=True)
    if params.get("near"):
        rows = rows.filter(area__code=params["near"])
    rows = rows.filter(accepted_on__isnull=True).order_by("-first_start", "pk")
    return [
        Link(
            text=one.name,
            url=public_url(one),
            detail=f"{stage_chip(one).text} · {percent(one)}",
            icon="hammer",
        )
        for one in rows[:MOST_AT_HOME]
    ]


HOME = HomePanel(
    id="renewal.near",
    title=_("Works under way"),
    face=Face.PORTAL,
    permission=None,
    form="links",
    source=near,
    order=40,
)
PAGES = (
    ListPage(
        id="renewal.works",
        title=_("Renewal near you"),
        menu=_("Renewal near you"),
        icon="hammer",
        order=60,
        face=Face.PORTAL,
        permission=None,
        intro=_("What is renewed in the town: where, until when, how far, and how many households agreed."),
        rows=lambda _actor, _params: queries.published(),
        columns=(
            Column(id="name", label=_("name"), value="name", sort="name", width="wide"),
            Column(id="kind", label=_("kind"), value="get_kind_display", sort="kind"),
            Column(id="stage", label=_("where it stands"), value=stage_chip, kind=Kind.CHIP),
            Column(id="progress", label=_("progress"), value=percent),
            Column(id="address", label=_("address"), value="address", kind=Kind.PLACE),
        ),
        filters=(KIND_FILTER, STAGE_FILTER),
        search=lambda rows, words: rows.filter(Q(name__icontains=words) | Q(address__icontains=words)),
        order_by=("-first_start", "pk"),
        detail="renewal.work",
        export=False,
        empty=_("No project is published yet."),
    ),
    DetailPage(
        id="renewal.work",
        title=_("Renewal near you"),
        face=Face.PORTAL,
        permission=None,
        subject=queries.published_for,
        heading=lambda project: project.name,
        chips=lambda project: (stage_chip(project), standing_chip(project)),
        panels=(
            Panel(id="facts", title=_("What it is"), form="facts", source=facts),
            Panel(
                id="before_after",
                title=_("Before and after"),
                form="before_after",
                source=lambda actor, project: before_after(actor, queries.released_pairs(project)),
                empty=_("No pictures are released yet."),
            ),
            Panel(
                id="consent",
                title=_("Residents asked"),
                form="figures",
                source=answers,
                empty=_("Owners do not decide on this, or are still being asked."),
                wide=True,
            ),
            Panel(
                id="doors",
                title=_("Three at 100 %"),
                form="figures",
                source=lambda _actor, project: rate_figures(project),
                empty=_("No households move out for this project."),
                wide=True,
            ),
            Panel(
                id="milestones",
                title=_("Milestones"),
                form="table",
                source=milestones,
                columns=(
                    Column(id="name", label=_("milestone"), value="name"),
                    Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE),
                    Column(id="done", label=_("reached on"), value="done_on", kind=Kind.DATE),
                    Column(id="state", label=_("state"), value=milestone_chip, kind=Kind.CHIP),
                ),
                wide=True,
            ),
            Panel(
                id="schedule",
                title=_("Schedule"),
                form="schedule",
                source=lambda _actor, project: schedule([project], public_url),
                wide=True,
            ),
            Panel(id="map", title=_("Where"), form="map", source=lambda _actor, one: dots([one], public_url)),
            Panel(id="how", title=_("How to object"), form="prose", source=how_to_object),
            Panel(
                id="object",
                title=pgettext_lazy("heading", "Object"),
                form="links",
                source=way_to_object,
                empty=_("Nothing is left to object to."),
            ),
        ),
    ),
    FormPage(
        id="renewal.object",
        title=_("Object to these works"),
        intro=_("Your objection is answered. Only whoever handles it sees your name and phone."),
        face=Face.PORTAL,
        permission=None,
        subject=queries.published_for,
        form=lambda _actor, _project, data, _files: forms.PublicObjectionForm(data),
        save=save_objection,
        submit=_("Send the objection"),
        draft=False,
    ),
    DetailPage(
        id="renewal.objected",
        title=_("Your objection"),
        face=Face.PORTAL,
        permission=None,
        subject=objected,
        heading=lambda number: number,
        panels=(
            Panel(
                id="keep",
                title=_("How to follow it"),
                form="prose",
                source=lambda _actor, number: (
                    _("Your objection is received as %(number)s. With number and secret you see where it stands.")
                    % {"number": number}
                ),
            ),
            Panel(
                id="follow",
                title=_("Follow it"),
                form="links",
                source=lambda _actor, _number: [Link(text=_("Where does it stand?"), url=reverse("reports:track"))],
            ),
        ),
    ),
)
