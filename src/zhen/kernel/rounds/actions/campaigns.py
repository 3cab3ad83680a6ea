"""Campaigns: made, changed, started and ended by people."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.identity.api import User
from zhen.kernel.jobs.api import enqueue
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.actions.counting import COUNT_JOB, check_countable
from zhen.kernel.rounds.declarations import SUBJECT_SOURCES
from zhen.kernel.rounds.models import Campaign, Inspector, Visit
from zhen.kernel.rounds.queries.checklists import in_use
from zhen.kernel.rounds.values import NewCampaign

LONGEST_DAYS = 3 * 366
PLAN_JOB = "rounds.plan"


@action(rights.PLAN)
def make(actor: Actor, new: NewCampaign) -> Campaign:
    """A campaign as a draft: nothing is planned before it is started."""
    new = _with_enough_people(actor, new)
    campaign = Campaign(made_by_id=actor.user_id, made_at=clock.now())
    _write(actor, campaign, new)
    _tell("rounds.campaign_made", actor, campaign)
    return campaign


@action(rights.PLAN)
def change(actor: Actor, campaign: Campaign, new: NewCampaign) -> Campaign:
    """Say a draft otherwise."""
    found = held(actor, campaign, Campaign.State.DRAFT)
    new = _with_enough_people(actor, new)
    _write(actor, found, new)
    _tell("rounds.campaign_changed", actor, found)
    return found


@action(rights.PLAN)
def start(actor: Actor, campaign: Campaign) -> Campaign:
    """From now on its rounds are planned, each when its days come: the first one now, in the background."""
    found = held(actor, campaign, Campaign.State.DRAFT)
    if not found.inspectors.exists():
        raise Refused(
            field=_("inspectors"), value="", reason=_("nobody goes on its visits"), remedy=_("Name one at least")
        )
    if found.people > found.inspectors.count():
        raise Refused(
            field=_("people on a visit"),
            value=found.people,
            reason=_("the campaign has fewer inspectors"),
            remedy=_("Name more inspectors"),
        )
    found.state = Campaign.State.RUNNING
    found.save(update_fields=["state"])
    enqueue(PLAN_JOB, once=f"{PLAN_JOB} {found.pk}", campaign=found.pk)
    _tell("rounds.campaign_started", actor, found)
    return found


@action(rights.PLAN)
def end(actor: Actor, campaign: Campaign, reason: str) -> Campaign:
    """End it before its time. Visits that are still planned are called off; re-checks go on."""
    found = held(actor, campaign, Campaign.State.RUNNING)
    if not reason.strip():
        raise Refused(field=_("reason"), value="", reason=_("an early end needs it"), remedy=_("Say why"))
    waiting = Visit.objects.filter(round__campaign=found, state=Visit.State.PLANNED).exclude(kind=Visit.Kind.RECHECK)
    called_off = waiting.update(state=Visit.State.CALLED_OFF)
    if found.counts_only:
        enqueue(COUNT_JOB, once=f"{COUNT_JOB} {found.pk}", campaign=found.pk)
    found.state = Campaign.State.ENDED
    found.save(update_fields=["state"])
    _tell("rounds.campaign_ended", actor, found, visits=called_off, reason=reason.strip()[:300])
    return found


def held(actor: Actor, campaign: Campaign, *states: str) -> Campaign:
    """The campaign, locked for change. Raises Denied, or Outdated where it is no longer in one of these states."""
    rows = Campaign.objects.select_for_update(of=("self",))
    found = actionable(actor, rights.PLAN, rows).filter(pk=campaign.pk).first()
    if found is None:
        raise Denied(rights.PLAN, actor)
    if found.state not in states:
        raise Outdated(
            field=pgettext_lazy("of inspections", "campaign"),
            value=found.title,
            reason=_("it is “%(state)s” by now") % {"state": found.get_state_display()},
            remedy=_("Look at it as it stands now"),
        )
    return found


def _with_enough_people(actor: Actor, new: NewCampaign) -> NewCampaign:
    """What was checked. Where the checklist demands two inspectors, two go, whatever was written."""
    _check(actor, new)
    version = in_use(new.checklist)
    return replace(new, people=max(new.people, version.people if version else 1))


def _check(actor: Actor, new: NewCampaign) -> None:
    if not new.title.strip():
        raise Refused(field=_("title"), value="", reason=_("it is empty"), remedy=_("Say what is looked at"))
    version = in_use(new.checklist)
    if new.counts_only:
        check_countable(version)
    if version is None:
        raise Refused(
            field=_("checklist"), value=new.checklist, reason=_("none of this name is in use"), remedy=_("Choose one")
        )
    source = SUBJECT_SOURCES.get(new.source)
    if source is None:
        raise Refused(
            field=pgettext_lazy("of subjects", "register"),
            value=new.source,
            reason=_("there is none"),
            remedy=_("Choose one"),
        )
    if source.permission:
        actor.require(source.permission)
    allowed = {one.id: {choice.value for choice in one.choices()} for one in source.filters}
    for name, value in new.query.items():
        if value not in allowed.get(name, ()):
            raise Refused(
                field=name, value=value, reason=_("the register has no such choice"), remedy=_("Choose from the list")
            )
    if new.ends_on < new.starts_on or (new.ends_on - new.starts_on).days > LONGEST_DAYS:
        raise Refused(
            field=_("to"),
            value=new.ends_on,
            reason=_("a campaign ends after it starts, within three years"),
            remedy=_("Give another day"),
        )
    people = User.objects.filter(pk__in=new.inspectors, is_active=True, is_machine=False).count()
    if people != len(new.inspectors):
        raise Refused(
            field=_("inspectors"), value=len(new.inspectors), reason=_("one of them left"), remedy=_("Choose others")
        )


def _write(actor: Actor, campaign: Campaign, new: NewCampaign) -> None:
    for name in (
        "title", "checklist", "source", "unit_id", "starts_on", "ends_on", "area_id", "unseen_days", "every", "sample",
        "random", "people", "per_day", "counts_only",
    ):  # fmt: skip
        setattr(campaign, name, getattr(new, name))
    campaign.query = dict(new.query)
    campaign.save()
    if not actionable(actor, rights.PLAN, Campaign.objects.filter(pk=campaign.pk)).exists():
        raise Denied(rights.PLAN, actor)
    campaign.inspectors.all().delete()
    Inspector.objects.bulk_create(
        [Inspector(campaign=campaign, user_id=user, area_id=area) for user, area in new.inspectors.items()]
    )


def over(today: date) -> None:
    """Campaigns whose last day is past are ended; what was not visited stays in their coverage."""
    Campaign.objects.filter(state=Campaign.State.RUNNING, ends_on__lt=today).update(state=Campaign.State.ENDED)


def _tell(kind: str, actor: Actor, campaign: Campaign, **data: object) -> None:
    facts = {"title": campaign.title, **data}
    journal.record(kind, by=actor, subject=campaign, area=campaign.area_id, unit=campaign.unit_id, data=facts)
