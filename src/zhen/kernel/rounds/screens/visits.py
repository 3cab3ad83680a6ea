"""Visits: the list, one with its answers, photos and findings, and what the desk does with it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.files import api as files
from zhen.kernel.lib import clock
from zhen.kernel.oversight.api import HISTORY
from zhen.kernel.pages.api import (
    Attached,
    Button,
    Chip,
    Choice,
    Column,
    DetailPage,
    Face,
    Fact,
    Filter,
    FormPage,
    HomePanel,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.kernel.rounds import forms, rights
from zhen.kernel.rounds.actions import visiting as actions
from zhen.kernel.rounds.declarations import NO, NOT_APPLICABLE, YES, ItemKind
from zhen.kernel.rounds.models import Visit
from zhen.kernel.rounds.queries import visits as queries
from zhen.kernel.rounds.rules.answers import Asked, asked
from zhen.kernel.rounds.screens.common import (
    FINDING_COLUMNS,
    VISIT_COLUMNS,
    dots,
    found_chip,
    state_of,
    subject_link,
    visit_url,
)

FAR_M = 200
"""From so many metres on, the distance between the phone and the subject is worth a look."""
WORDS = {YES: _("yes"), NO: _("no"), NOT_APPLICABLE: _("not applicable")}
Kind_, State = Visit.Kind, Visit.State


def facts(_actor: Actor, visit: Visit) -> list[Fact]:
    people = "、".join(str(one) for one in (visit.inspector, visit.second) if one is not None)
    campaign = visit.round.campaign if visit.round else None
    facts = [
        Fact(label=_("subject of visits"), value=subject_link(visit.subject), kind=Kind.LINK),
        Fact(label=_("address"), value=visit.subject.address, kind=Kind.PLACE),
        Fact(label=pgettext_lazy("of inspections", "campaign"), value=campaign.title if campaign else None),
        Fact(label=_("kind"), value=visit.get_kind_display()),
        Fact(label=_("checklist"), value=str(visit.version) if visit.version else None),
        Fact(label=_("inspectors"), value=people, kind=Kind.PERSON),
        Fact(label=_("day"), value=visit.planned_on, kind=Kind.DATE),
        Fact(label=_("due on"), value=visit.due_on, kind=Kind.DATE),
    ]
    if visit.state != State.DONE:
        return facts
    return [
        *facts,
        Fact(label=_("began at"), value=visit.started_at, kind=Kind.TIME),
        Fact(label=_("ended at"), value=visit.done_at, kind=Kind.TIME),
        Fact(label=_("position"), value=position(visit), kind=Kind.CHIP),
        Fact(label=_("points"), value=points(visit)),
        *_signed(visit),
        Fact(label=_("note"), value=visit.note, kind=Kind.PROSE),
    ]


def _signed(visit: Visit) -> list[Fact]:
    """Who has signed; of two inspectors, both."""
    if visit.people == 1:
        return []
    missing = Chip(text=_("the other inspector has not signed"), tone=Tone.BEHIND)
    return [
        Fact(label=_("recorded by"), value=visit.recorded_by, kind=Kind.PERSON),
        Fact(label=_("signed as well by"), value=visit.cosigned_by, kind=Kind.PERSON)
        if visit.cosigned_by
        else Fact(label=_("signed as well by"), value=missing, kind=Kind.CHIP),
        Fact(label=_("signed as well at"), value=visit.cosigned_at, kind=Kind.TIME),
    ]


def may_sign(actor: Actor, visit: Visit) -> bool:
    """The other one of two, once the first has recorded."""
    open_ = visit.people == 2 and visit.outcome == Visit.Outcome.SEEN and visit.cosigned_at is None
    return open_ and actor.user_id in {visit.inspector_id, visit.second_id} - {visit.recorded_by_id}


def sign(actor: Actor, visit: Visit, _data: Any) -> str:
    return visit_url(actions.cosign(actor, visit))


def position(visit: Visit) -> Chip | str:
    """How far from the subject the phone was when the visit was recorded."""
    if visit.lon is None:
        return Chip(text=visit.no_position or _("no position"), tone=Tone.DUE_SOON)
    if visit.distance_m is None:
        return Chip(text=_("position kept"))
    text = _("%(metres)s m from the subject") % {"metres": f"{visit.distance_m:.0f}"}
    return Chip(text=text, tone=Tone.BEHIND if visit.distance_m > FAR_M else Tone.ON_TRACK)


def points(visit: Visit) -> str:
    return f"{visit.points} / {visit.points_most}" if visit.points_most else ""


def answers(_actor: Actor, visit: Visit) -> list[Asked]:
    """Every item that was asked, but the photos, which stand beside it."""
    if visit.version is None:
        return []
    every = asked(visit.version.items, visit.answers)
    return [one for one in every if one.item.kind not in (ItemKind.PHOTO, ItemKind.LIST)]


def answer_text(one: Asked) -> Any:
    if one.answer is None:
        return None
    if one.item.kind == ItemKind.CHOICE:
        return next((option.text for option in one.item.choices if option.value == one.answer), one.answer)
    if one.item.kind == ItemKind.YES_NO:
        tone = Tone.BEHIND if one.answer == NO else Tone.ON_TRACK if one.answer == YES else Tone.NEUTRAL
        return Chip(text=WORDS[one.answer], tone=tone)
    return f"{one.answer} {one.item.unit}".strip()


def photos(actor: Actor, visit: Visit) -> list[Attached]:
    texts = {}
    if visit.version is not None:
        texts = {one.path: one.item.text for one in asked(visit.version.items, visit.answers)}
    rows = list(visit.photos.select_related("file"))
    shown = files.shown_of(one.file for one in rows)
    return [_attached(actor, shown[one.file_id], str(texts.get(one.path, one.file.name))) for one in rows]


def _attached(actor: Actor, file: files.File, name: str) -> Attached:
    preview = files.url(actor, file, side=files.SMALL) if file.is_image else ""
    return Attached(name=name, url=files.url(actor, file), preview=preview)


def papers(_actor: Actor, visit: Visit) -> list[Link]:
    if visit.state != State.DONE:
        return []
    return [Link(text=_("Record of the visit (PDF)"), url=f"{visit_url(visit)}record.pdf", icon="file-text")]


def chain(actor: Actor, visit: Visit) -> Any:
    """The visits to the same subject, the newest first: also those of other campaigns."""
    return queries.visits_to(actor, visit.subject).exclude(pk=visit.pk)[:20]


def open_conflict(_actor: Actor, visit: Visit) -> bool:
    return visit.kind == Kind_.CONFLICT and visit.settled_at is None


def settle(findings: bool) -> Any:
    def run(actor: Actor, visit: Visit, _data: Any) -> str:
        return visit_url(actions.settle_conflict(actor, visit, findings=findings))

    return run


def planned(_actor: Actor, visit: Visit) -> bool:
    return visit.state == State.PLANNED


def save_given(actor: Actor, visit: Visit, form: forms.GiveForm) -> str:
    given = form.cleaned_data
    actions.give(actor, [visit], given["user"], on=given["on"])
    return visit_url(visit)


def save_called_off(actor: Actor, visit: Visit, form: forms.ReasonForm) -> str:
    return visit_url(actions.call_off(actor, visit, form.cleaned_data["reason"]))


def to_do(actor: Actor, _params: Any) -> list[Link]:
    """The actor's own visits of today, in the order of the way, for the first screens."""
    return [
        Link(
            text=visit.subject.name,
            url=reverse("field:visit", kwargs={"key": visit.pk}),
            detail=_detail(visit),
            icon="clipboard-check",
        )
        for visit in queries.waiting(actor, clock.today())[:60]
    ]


def _detail(visit: Visit) -> str:
    why = str(visit.round.campaign) if visit.round and visit.kind != Kind_.RECHECK else str(visit.get_kind_display())
    return " · ".join(part for part in (why, visit.subject.address) if part)


def waiting_for_me(actor: Actor, _params: Any) -> list[Link]:
    """What the other inspector has recorded and the actor has to sign."""
    return [
        Link(text=visit.subject.name, url=visit_url(visit), detail=visit.subject.address, icon="file-text")
        for visit in queries.to_sign(actor)[:20]
    ]


SIGNING = tuple(
    HomePanel(
        id=f"rounds.signing_{face}",
        title=_("Visits of two, to sign"),
        face=face,
        permission=rights.VISIT,
        form="links",
        source=waiting_for_me,
        order=21,
    )
    for face in (Face.FIELD, Face.DESK)
)
PANELS = SIGNING + tuple(
    HomePanel(
        id=f"rounds.today_{face}",
        title=_("My visits today"),
        face=face,
        permission=rights.VISIT,
        form="links",
        source=to_do,
        order=20,
    )
    for face in (Face.FIELD, Face.DESK)
)

PAGES = (
    ListPage(
        id="rounds.visits",
        title=_("Visits"),
        menu=_("Visits"),
        icon="footprints",
        order=61,
        permission=rights.VIEW,
        intro=_("Every visit that is planned or was made, whatever campaign it belongs to."),
        rows=lambda actor, _params: queries.visits(actor),
        columns=VISIT_COLUMNS,
        filters=(
            Filter(
                id="state",
                label=_("state"),
                apply=lambda rows, value: rows.filter(state=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in State),
            ),
            Filter(
                id="outcome",
                label=_("outcome"),
                apply=lambda rows, value: rows.filter(outcome=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in Visit.Outcome),
            ),
            Filter(
                id="kind",
                label=_("kind"),
                apply=lambda rows, value: rows.filter(kind=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in Kind_),
            ),
            Filter(
                id="campaign",
                label=pgettext_lazy("of inspections", "campaign"),
                apply=lambda rows, value: rows.filter(round__campaign=int(value)),
            ),
        ),
        search=lambda rows, words: rows.filter(subject__name__icontains=words),
        order_by=("-planned_on", "-pk"),
        detail="rounds.visit",
        empty=_("No visit is planned. Start a campaign."),
    ),
    DetailPage(
        id="rounds.visit",
        title=_("visit"),
        permission=rights.VIEW,
        subject=queries.visit_for,
        heading=lambda visit: visit.subject.name,
        chips=lambda visit: tuple(chip for chip in (state_of(visit), found_chip(visit)) if isinstance(chip, Chip)),
        panels=(
            Panel(id="facts", title=_("Visit"), form="facts", source=facts),
            Panel(
                id="map",
                title=_("Where"),
                form="map",
                source=lambda _actor, visit: dots([visit]),
            ),
            Panel(
                id="answers",
                title=_("What was looked at"),
                form="table",
                source=answers,
                columns=(
                    Column(id="item", label=_("item"), value="item.text", width="wide"),
                    Column(
                        id="answer", label=pgettext_lazy("on a checklist", "answer"), value=answer_text, kind=Kind.CHIP
                    ),
                ),
                wide=True,
                empty=_("Nothing is recorded yet."),
            ),
            Panel(
                id="findings",
                title=pgettext_lazy("of visits", "Findings"),
                form="table",
                source=lambda _actor, visit: queries.findings_of(visit),
                columns=FINDING_COLUMNS,
                wide=True,
                empty=_("Nothing was found."),
            ),
            Panel(
                id="photos",
                title=_("Photos"),
                form="files",
                source=photos,
                wide=True,
                empty=_("No photo was taken."),
            ),
            Panel(id="papers", title=_("Papers"), form="links", source=papers),
            Panel(
                id="others",
                title=_("Other visits there"),
                form="table",
                source=chain,
                columns=VISIT_COLUMNS[1:],
                detail="rounds.visit",
                empty=_("Nobody was there before."),
            ),
            HISTORY,
        ),
        buttons=(
            Button(
                id="sign",
                label=_("Sign as well"),
                permission=rights.VISIT,
                run=sign,
                confirm=_("You were there, and the record says what was seen."),
                shown=may_sign,
            ),
            Button(
                id="give",
                label=_("Give to somebody else"),
                permission=rights.PLAN,
                form="rounds.visit_give",
                key="a",
                shown=planned,
            ),
            Button(
                id="call_off",
                label=_("Call off"),
                permission=rights.PLAN,
                form="rounds.visit_call_off",
                shown=planned,
            ),
            Button(
                id="take",
                label=_("Count its findings too"),
                permission=rights.PLAN,
                run=settle(True),
                confirm=_("A case is opened for each finding of this second record."),
                shown=open_conflict,
            ),
            Button(
                id="leave",
                label=_("The first record holds"),
                permission=rights.PLAN,
                run=settle(False),
                shown=open_conflict,
            ),
        ),
    ),
    FormPage(
        id="rounds.visit_give",
        title=_("Give to somebody else"),
        permission=rights.PLAN,
        subject=queries.visit_for,
        form=lambda _actor, visit, data, _files: forms.GiveForm(data, visit.planned_on),
        save=save_given,
        submit=_("Give"),
    ),
    FormPage(
        id="rounds.visit_call_off",
        title=_("Call off"),
        permission=rights.PLAN,
        subject=queries.visit_for,
        form=lambda _actor, _visit, data, _files: forms.ReasonForm(data),
        save=save_called_off,
        submit=_("Call off"),
    ),
)
