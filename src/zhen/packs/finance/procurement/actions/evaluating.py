"""Evaluation: declarations, scores of each member, the rank by rule, and the award."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.packs.finance import duties
from zhen.packs.finance.procurement import rights, rules
from zhen.packs.finance.procurement.actions.common import (
    State,
    amount_of,
    day_of,
    figures,
    held,
    held_by_member,
    money,
    needed,
    say,
)
from zhen.packs.finance.procurement.actions.tendering import WITHOUT_COMMITTEE
from zhen.packs.finance.procurement.models import Bid, Criterion, Member, Procurement, Score


@action(None, asks="to be a member of the committee")
def declare(actor: Actor, key: int, *, relation: str) -> Member:
    """Say whether one has a relation to a bidder (《政府采购法》第十二条). Who has one steps back, for good."""
    procurement, member = held_by_member(actor, key, State.TENDERING, State.OPENED)
    if member.recused:
        raise _not_yours(member)
    member.declared_at, member.relation = clock.now(), relation.strip()
    member.recused = bool(member.relation)
    member.save(update_fields=["declared_at", "relation", "recused"])
    if member.recused:
        member.scores.all().delete()
    say("member_recused" if member.recused else "member_declared", actor, procurement)
    return member


def _not_yours(member: Member) -> Refused:
    return Refused(
        field=_("duty"),
        value=member.user,
        reason=_("who has a relation to a bidder does not evaluate the bids"),
        remedy=_("Ask somebody else"),
    )


@action(None, asks="to be a member of the committee")
def score(actor: Actor, key: int, bid_key: UUID | str, points: Mapping[int, Decimal]) -> None:
    """Give points to a bid: one for each criterion but the price. Given again, they take the place of the first."""
    procurement, member = held_by_member(actor, key, State.OPENED)
    if member.recused:
        raise _not_yours(member)
    if member.declared_at is None:
        raise Refused(
            field=_("relation to a bidder"),
            value="",
            reason=_("nothing is declared yet"),
            remedy=_("Say first whether you have a relation to one of the bidders"),
        )
    bid = procurement.bids.get(pk=bid_key, in_force=True, invalid_reason="")
    asked = {one.pk: one for one in procurement.criteria.filter(price=False)}
    if set(points) != set(asked):
        raise Refused(
            field=_("points"),
            value=len(points),
            reason=_("each criterion gets points"),
            remedy=_("Fill in all of them"),
        )
    for one, given in points.items():
        if not 0 <= given <= asked[one].weight:
            raise Refused(
                field=asked[one].name,
                value=given,
                reason=_("it is not from 0 to %(weight)s") % {"weight": asked[one].weight},
                remedy=_("Give points within the weight"),
            )
    member.scores.filter(bid=bid).delete()
    Score.objects.bulk_create(
        Score(member=member, bid=bid, criterion=asked[one], points=rules.rounded(given))
        for one, given in points.items()
    )
    say("bid_scored", actor, procurement, supplier=str(bid.supplier))


@action(None, asks="to be a member of the committee")
def disqualify(actor: Actor, key: int, bid_key: UUID | str, *, reason: str) -> Bid:
    """A bid that does not answer the documents is not valid; the reason is published with the result."""
    procurement, member = held_by_member(actor, key, State.OPENED)
    if member.recused:
        raise _not_yours(member)
    bid = procurement.bids.select_related("supplier__organisation").get(pk=bid_key, in_force=True)
    bid.invalid_reason = needed(_("reason"), reason, _("Say which condition it does not meet"))
    bid.save(update_fields=["invalid_reason"])
    say("bid_disqualified", actor, procurement, supplier=str(bid.supplier), reason=bid.invalid_reason)
    return bid


@action(rights.RUN)
def rank(actor: Actor, key: int) -> Procurement:
    """Compute the result by rule, once all members have given all points. Bids above the budget are not valid."""
    procurement = held(actor, rights.RUN, key, State.OPENED)
    known = figures()
    day = day_of(procurement.published_at or clock.now())
    for bid in procurement.bids.filter(in_force=True, invalid_reason="", price__gt=procurement.amount):
        bid.invalid_reason = str(
            _("the price is above the budget of %(amount)s") % {"amount": money(procurement.amount)}
        )
        bid.save(update_fields=["invalid_reason"])
    bids = list(procurement.bids.filter(in_force=True, invalid_reason=""))
    fewest = rules.fewest(procurement.method, known, day)
    if len(bids) < fewest:
        raise Refused(
            field=_("bids"),
            value=len(bids),
            reason=_("there must be %(most)s at least that are valid") % {"most": fewest},
            remedy=_("The procurement has failed: say so; its bids stay closed"),
        )
    members = list(procurement.members.filter(recused=False))
    _complete(procurement, members, amount_of(known, "committee", day, 3))
    criteria = list(procurement.criteria.all())
    offers = _offers(bids, members, criteria)
    weight = next((one.weight for one in criteria if one.price), 0)
    by_key = {str(bid.pk): bid for bid in bids}
    for result in rules.rank(offers, procurement.way, weight):
        bid = by_key[result.key]
        bid.rank, bid.points = result.rank, result.points
        bid.save(update_fields=["rank", "points"])
    procurement.state = State.RANKED
    procurement.save(update_fields=["state"])
    say("bids_ranked", actor, procurement, bids=len(bids))
    return procurement


def _complete(procurement: Procurement, members: Sequence[Member], least: int) -> None:
    if procurement.method not in WITHOUT_COMMITTEE and len(members) < least:
        raise Refused(
            field=_("members of the committee"),
            value=len(members),
            reason=_("too many have stepped back; there must be %(most)s at least") % {"most": least},
            remedy=_("The procurement has failed: say so; its bids stay closed"),
        )
    waiting = [str(member.user) for member in members if member.declared_at is None]
    if waiting:
        raise Refused(
            field=_("relation to a bidder"),
            value="、".join(waiting),
            reason=_("they have declared nothing yet"),
            remedy=_("Ask them to"),
        )


def _offers(bids: Sequence[Bid], members: Sequence[Member], criteria: Sequence[Criterion]) -> list[rules.Offer]:
    scored = [one.pk for one in criteria if not one.price]
    given: dict[tuple[object, int], dict[int, Decimal]] = defaultdict(dict)
    for one in Score.objects.filter(bid__in=bids, member__in=members):
        given[one.bid_id, one.member_id][one.criterion_id] = one.points
    for bid in bids:
        for member in members:
            if scored and set(given[bid.pk, member.pk]) != set(scored):
                raise Refused(
                    field=_("points"),
                    value=member.user,
                    reason=_("not every bid has the points of every member yet"),
                    remedy=_("Ask the member to give them"),
                )
    return [
        rules.Offer(
            key=str(bid.pk),
            price=bid.price or 0,
            scores=tuple(tuple(given[bid.pk, member.pk][one] for one in scored) for member in members)
            if scored
            else (),
        )
        for bid in bids
    ]


@action(rights.AWARD)
def award(actor: Actor, key: int, bid_key: UUID | str, *, reason: str) -> Procurement:
    """Award to the first by rank. Where several share it, the reason says why this one."""
    procurement = held(actor, rights.AWARD, key, State.RANKED)
    done = {"need.ask": procurement.asked_by_id, "procurement.run": procurement.run_by_id}
    duties.check(actor, "award.decide", done)
    first = list(procurement.bids.filter(in_force=True, rank=1).select_related("supplier__organisation"))
    winner = next((bid for bid in first if str(bid.pk) == str(bid_key)), None)
    if winner is None:
        raise Refused(
            field=_("winning bid"),
            value=bid_key,
            reason=_("the evaluation puts another one first"),
            remedy=_("Choose the first one"),
        )
    if len(first) > 1:
        needed(_("reason"), reason, _("Several share the first rank: say why this one"))
    procurement.winner, procurement.award_amount, procurement.awarded_by_id = winner, winner.price, actor.user_id
    procurement.awarded_at, procurement.award_reason = clock.now(), reason.strip()
    procurement.state = State.AWARDED
    procurement.save(update_fields=["winner", "award_amount", "awarded_by", "awarded_at", "award_reason", "state"])
    say(
        "procurement_awarded",
        actor,
        procurement,
        supplier=str(winner.supplier),
        amount=money(winner.price or 0),
    )
    return procurement
