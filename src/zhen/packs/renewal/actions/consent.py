"""Asking the owners, making the result public, hearing objections, and clearing a project for works."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action
from zhen.kernel.cases.api import Case, NewCase, NewReporter, receive
from zhen.kernel.identity.api import within
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated
from zhen.packs.renewal import rights
from zhen.packs.renewal.actions.common import held, no, open_project, tell
from zhen.packs.renewal.case_types import OBJECTION_ID
from zhen.packs.renewal.kinds import CLEARED, Matter
from zhen.packs.renewal.models import ConsentRule, Consultation, Milestone, Objection, Project, Publicity, valid_on
from zhen.packs.renewal.rules import days_of, lacking

CALLS, SECONDS = 30, 3600
"""How many objections of people who are not signed in one project takes within how long."""


@action(rights.CONSENT)
def open_consultation(actor: Actor, project: Project, *, asked: int, area_asked: Any) -> Consultation:
    """Begin to ask the owners, by the rule that holds today for what they decide on. Nobody is reached yet."""
    found = open_project(actor, rights.CONSENT, project)
    if found.matter == Matter.NONE:
        raise no(_("renewal project"), found.name, _("owners do not decide on it"), _("Go on without consultation"))
    if found.cleared_on:
        raise no(_("renewal project"), found.name, _("it is cleared for works"), _("Look at its consultations"))
    if asked < 1 or area_asked <= 0:
        raise no(_("households asked"), asked, _("there are none"), _("Give all households and their floor area"))
    if Consultation.objects.filter(project=found, closed_on__isnull=True).exists():
        raise no(_("consultation"), found.name, _("one is still running"), _("Close that first"))
    rule = ConsentRule.objects.filter(valid_on(clock.today()), matter=found.matter).order_by("-valid_from").first()
    if rule is None:
        raise no(_("rule of consent"), found.get_matter_display(), _("none holds today"), _("Enter one"))
    number = Consultation.objects.filter(project=found).count() + 1
    made = Consultation.objects.create(
        project=found, number=number, rule=rule, opened_on=clock.today(), asked=asked, unreached=asked,
        area_asked=area_asked, area_unreached=area_asked,
    )  # fmt: skip
    tell("renewal.consultation_opened", actor, found, number=number, asked=asked)
    return made


@action(rights.CONSENT)
def count_votes(
    actor: Actor, consultation: Consultation, votes: Mapping[str, Any], *, close: bool = False
) -> Consultation:
    """Write down how the owners answered so far; with `close` this is the result, and the rule decides.

    `votes`: agreed, against, abstained, and the same with `area_` before it. Who is left over was not reached.
    """
    found = held(actor, rights.CONSENT, consultation)
    if found.closed_on is not None:
        raise Outdated(
            field=_("consultation"),
            value=str(found),
            reason=_("it is closed"),
            remedy=_("Open another one, if there is to be one"),
        )
    for name in ("agreed", "against", "abstained"):
        setattr(found, name, votes[name])
        setattr(found, f"area_{name}", votes[f"area_{name}"])
    found.unreached = found.asked - found.agreed - found.against - found.abstained
    found.area_unreached = found.area_asked - found.area_agreed - found.area_against - found.area_abstained
    if not found.households.adds_up:
        raise no(_("agreed"), found.agreed, _("more answered than were asked"), _("Count again"))
    if not found.areas.adds_up:
        raise no(_("area agreed (m²)"), found.area_agreed, _("it is more than was asked"), _("Add up again"))
    if close:
        found.closed_on = clock.today()
        found.met = not lacking(found.households, found.areas, found.rule.terms)
    found.save()
    kind = "renewal.consultation_closed" if close else "renewal.consultation_counted"
    tell(kind, actor, found.project, number=found.number, agreed=found.agreed, asked=found.asked)
    return found


@action(rights.CONSENT)
def hang_out(actor: Actor, project: Project, *, starts_on: date, ends_on: date, where: str) -> Publicity:
    """Make the result of the consultation public, for as many days as its rule asks."""
    found = open_project(actor, rights.CONSENT, project)
    consultation = found.consultations.filter(met=True, publicity__isnull=True).order_by("-number").first()
    if consultation is None:
        raise no(
            _("consultation"), found.name, _("none has ended with consent and still hangs nowhere"), _("Ask the owners")
        )
    assert consultation.closed_on is not None
    least = consultation.rule.publicity_days
    if starts_on < consultation.closed_on:
        raise no(_("from"), starts_on, _("the consultation was not over then"), _("Begin after it"))
    if days_of(starts_on, ends_on) < least:
        raise no(
            _("to"),
            ends_on,
            _("it hangs out for fewer than %(least)s days") % {"least": least},
            _("Let it end on %(day)s at the earliest") % {"day": (starts_on + timedelta(days=least - 1)).isoformat()},
        )
    if not where.strip():
        raise no(_("where it hangs"), "", _("nobody can read it"), _("Say where"))
    made = Publicity.objects.create(
        consultation=consultation, project=found, starts_on=starts_on, ends_on=ends_on, where=where.strip()[:200]
    )
    tell("renewal.hung_out", actor, found, first=starts_on.isoformat(), last=ends_on.isoformat())
    return made


@action(rights.CONSENT)
def clear(actor: Actor, project: Project) -> Project:
    """Clear the project for works: the owners have agreed, the publicity is over, every objection is closed."""
    found = open_project(actor, rights.CONSENT, project)
    today = clock.today()
    if found.matter == Matter.NONE or found.cleared_on:
        raise no(_("renewal project"), found.name, _("there is nothing to clear"), _("Go on"))
    publicity = found.publicities.order_by("-ends_on").first()
    if publicity is None:
        raise no(_("renewal project"), found.name, _("no consent of the owners hung out yet"), _("Make it public"))
    if publicity.ends_on >= today:
        raise no(_("renewal project"), publicity.ends_on, _("it still hangs out until this day"), _("Wait for its end"))
    still = found.objections.filter(case__open=True).select_related("case").first()
    if still is not None:
        raise no(_("renewal project"), still.case.number, _("this objection is open"), _("Answer it first"))
    found.cleared_on = today
    found.save(update_fields=["cleared_on"])
    proof = f"{publicity.starts_on} – {publicity.ends_on} {publicity.where}"[:200]
    Milestone.objects.filter(project=found, step=CLEARED).update(done_on=today, proof=proof)
    tell("renewal.cleared", actor, found)
    return found


@action(None)
def object_to(actor: Actor, project: Project, *, text: str, reporter: NewReporter | None = None) -> Case:
    """An objection to a project: a case for its unit, from staff who may, or from anybody to what is published.

    Works that need consent wait until it is closed.
    """
    public = not actor.may(rights.CASE_CREATE)
    if public and project.published_at is None:
        raise Denied(rights.CASE_CREATE, actor)
    if not text.strip():
        raise no(_("objection to works"), "", _("it says nothing"), _("Say what you object to, and why"))
    if public and not within(f"renewal.object:{project.pk}", calls=CALLS, seconds=SECONDS, now=clock.now()):
        raise no(
            _("objection to works"),
            project.name,
            _("very many came within an hour"),
            _("Try again later, or write to us"),
        )
    new = NewCase(
        title=f"{project.name}：{text.strip()}"[:60],
        text=text.strip()[:2000],
        area_id=project.area_id,
        place_id=project.place_id,
        address=project.address,
        unit_id=project.unit_id,
        source="portal" if public else "staff",
        reporter=reporter,
    )
    case = receive(actor, OBJECTION_ID, new)
    Objection.objects.create(case=case, project=project)
    tell("renewal.objected", actor, project, number=case.number)
    return case
