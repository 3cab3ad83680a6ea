"""The double-random draw of a round (双随机), and publishing its proof."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, Denied, action, actionable
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.rounds import rights
from zhen.kernel.rounds.actions.campaigns import held
from zhen.kernel.rounds.actions.planning import put_visits
from zhen.kernel.rounds.models import Campaign, Draw, Inspector, Subject, Visit
from zhen.kernel.rounds.rules.drawing import Lists
from zhen.kernel.rounds.rules.drawing import draw as drawn_by

SHORTEST_SEED = 6


@action(rights.PLAN)
def draw(actor: Actor, frozen: Draw, *, seed: str, seed_from: str) -> Draw:
    """Draw with a seed that nobody could know when the lists were frozen, such as the numbers of a lottery."""
    found = _held(actor, frozen)
    seed = seed.strip()
    if len(seed) < SHORTEST_SEED or len(seed) > 200:
        raise Refused(
            field=_("seed"),
            value=seed,
            reason=_("it has fewer than %(least)s characters, or more than 200") % {"least": SHORTEST_SEED},
            remedy=_("Take public numbers, such as those of a lottery of today"),
        )
    if not seed_from.strip():
        raise Refused(
            field=_("where the seed is from"), value="", reason=_("it is empty"), remedy=_("Say where all can see it")
        )
    if found.drawn_at is not None:
        raise Outdated(
            field=_("draw"), value=str(found), reason=_("it was drawn already"), remedy=_("Look at the result")
        )
    campaign = held(actor, found.round.campaign, Campaign.State.RUNNING)
    result = drawn_by(Lists(**found.lists), seed)
    found.seed, found.seed_from, found.drawn_at = seed, seed_from.strip()[:200], clock.now()
    found.drawn = [[subject, list(people)] for subject, people in result]
    found.save()
    subjects = _subjects(campaign, [subject for subject, _people in result])
    who = {subjects[key].pk: tuple(int(one) for one in people) for key, people in result if people and key in subjects}
    day = max(clock.today(), found.round.first)
    found.round.visits_planned = put_visits(found.round, campaign, list(subjects.values()), who, day)
    found.round.save(update_fields=["visits_planned"])
    _tell("rounds.drawn", actor, found, seed=seed, visits=found.round.visits_planned)
    return found


@action(rights.PLAN)
def publish_draw(actor: Actor, drawn: Draw) -> Draw:
    """Show everybody the lists and the result. While a visit of it is still planned, that would announce it."""
    found = _held(actor, drawn)
    if found.drawn_at is None or found.published_at is not None:
        raise Outdated(
            field=_("draw"),
            value=str(found),
            reason=_("it is not drawn yet, or published already"),
            remedy=_("Look at it as it stands now"),
        )
    waiting = Visit.objects.filter(round=found.round, state=Visit.State.PLANNED, kind=Visit.Kind.ROUND).count()
    if waiting:
        raise Refused(
            field=_("visits"),
            value=waiting,
            reason=_("they are still planned, and would be announced by it"),
            remedy=_("Publish when the last one is done"),
        )
    found.published_at = clock.now()
    found.save(update_fields=["published_at"])
    _tell("rounds.draw_published", actor, found)
    return found


@action(rights.PLAN)
def recuse(actor: Actor, campaign: Campaign, user_id: int, keys: Sequence[str]) -> Inspector:
    """Say which subjects an inspector may not visit. It holds for draws whose lists are not frozen yet."""
    found = held(actor, campaign, Campaign.State.DRAFT, Campaign.State.RUNNING)
    inspector = found.inspectors.select_for_update().filter(user_id=user_id).first()
    if inspector is None:
        raise Refused(
            field=_("inspector"), value=user_id, reason=_("he is none of this campaign"), remedy=_("Choose another")
        )
    inspector.recused = sorted({key.strip() for key in keys if key.strip()})
    inspector.save(update_fields=["recused"])
    journal.record(
        "rounds.recused",
        by=actor,
        subject=found,
        unit=found.unit_id,
        data={"title": found.title, "inspector": user_id, "subjects": len(inspector.recused)},
    )
    return inspector


def _held(actor: Actor, draw: Draw) -> Draw:
    rows = Draw.objects.select_for_update(of=("self",)).select_related("round__campaign")
    found = actionable(actor, rights.PLAN, rows).filter(pk=draw.pk).first()
    if found is None:
        raise Denied(rights.PLAN, actor)
    return found


def _subjects(campaign: Campaign, keys: Sequence[str]) -> dict[str, Subject]:
    """The subjects of a draw, in its order."""
    refs = [key.removeprefix(f"{campaign.source}:") for key in keys]
    known = {one.key: one for one in Subject.objects.filter(source=campaign.source, ref__in=refs)}
    return {key: known[key] for key in keys if key in known}


def _tell(kind: str, actor: Actor, draw: Draw, **data: object) -> None:
    campaign = draw.round.campaign
    facts = {"title": campaign.title, "number": draw.round.number, "digest": draw.digest, **data}
    journal.record(kind, by=actor, subject=draw, unit=campaign.unit_id, data=facts)
