"""Duties that one person never combines (不相容职务分离): 《行政事业单位内部控制规范（试行）》第十二条, 《会计法》.

One table, `PAIRS`, for whoever asks: actions (`check`) for one and the same paper, whatever post or deputyship somebody
acts in; the giving of posts and the `always` ones by the same rows as `SEPARATIONS`; the page of who holds both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, ActorKind, Separation
from zhen.kernel.lib.refusals import Refused, Text
from zhen.packs.finance import rights
from zhen.packs.finance.assets import rights as assets
from zhen.packs.finance.control import rights as control
from zhen.packs.finance.performance import rights as performance
from zhen.packs.finance.procurement import rights as buying
from zhen.packs.finance.projects import rights as projects

Who = int | None | Iterable[int | None]


@dataclass(frozen=True, kw_only=True)
class Act:
    """A thing that is done to a paper, and the permissions that allow it."""

    id: str
    name: Text
    permissions: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two acts that do not go together. `area` is one of the six of internal control; `always`: not only on one paper;
    `posts`: the two are not given to one person either, but for a recorded reason."""

    rule: str
    area: str
    first: str
    second: str
    reason: Text
    always: bool = False
    posts: bool = True


# fmt: off
ACTS = {
    act.id: act
    for act in (
        Act(id="budget.prepare", name=_("prepare a budget"), permissions=frozenset({rights.DRAFT})),
        Act(id="budget.review", name=_("review a budget"), permissions=frozenset({rights.REVIEW})),
        Act(id="budget.approve", name=_("put a budget in force"), permissions=frozenset({rights.CONGRESS})),
        Act(id="project.propose", name=_("propose a project"), permissions=frozenset({projects.PROPOSE})),
        Act(id="project.admit", name=_("admit a project"), permissions=frozenset({projects.ADMIT})),
        Act(id="change.ask", name=_("ask for an adjustment"), permissions=frozenset({rights.ASK_CHANGE})),
        Act(id="change.decide", name=_("decide on an adjustment"), permissions=frozenset({rights.DECIDE_CHANGE})),
        Act(id="plan.ask", name=_("make a funding plan"), permissions=frozenset({rights.ASK_PLAN})),
        Act(id="plan.decide", name=_("approve a funding plan"), permissions=frozenset({rights.DECIDE_PLAN})),
        Act(id="payment.ask", name=_("ask for a payment"), permissions=frozenset({rights.ASK})),
        Act(id="payment.approve", name=_("approve a payment"), permissions=frozenset({rights.APPROVE})),
        Act(id="payment.pay", name=_("make a payment"), permissions=frozenset({rights.PAY})),
        Act(id="books.keep", name=_("keep the books"), permissions=rights.BOOKS - {"ledger.view"}),
        Act(id="audit", name=_("audit"), permissions=frozenset({control.AUDIT})),
        Act(id="rule.propose", name=_("propose a rule of control"), permissions=frozenset({control.PROPOSE})),
        Act(id="rule.approve", name=_("put a rule of control in force"), permissions=frozenset({control.APPROVE_RULE})),
        Act(id="resolution.enter", name=_("enter a resolution"), permissions=frozenset({control.ENTER})),
        Act(id="resolution.review", name=_("review a resolution legally"), permissions=frozenset({control.LEGAL})),
        Act(id="finding.close", name=_("close a finding"), permissions=frozenset({control.CLOSE})),
        Act(id="paper.ask", name=_("ask for salaries, subsidies or a card"), permissions=frozenset({rights.ASK})),
        Act(
            id="paper.decide",
            name=_("decide on salaries, subsidies or a card"),
            permissions=frozenset({rights.APPROVE}),
        ),
        Act(id="slip.enter", name=_("enter a slip"), permissions=frozenset({rights.PAY})),
        Act(id="slip.confirm", name=_("confirm a slip"), permissions=frozenset({rights.CONFIRM})),
        Act(id="need.ask", name=_("ask for a procurement"), permissions=frozenset({buying.NEED})),
        Act(id="need.decide", name=_("decide on a need"), permissions=frozenset({buying.APPROVE})),
        Act(id="procurement.run", name=_("run a procurement"), permissions=frozenset({buying.RUN})),
        Act(id="key.hold", name=_("hold a key to the bids")),
        Act(id="award.decide", name=_("decide on the award"), permissions=frozenset({buying.AWARD})),
        Act(id="contract.draft", name=_("draft a contract"), permissions=frozenset({buying.CONTRACT})),
        Act(id="contract.review", name=_("review a contract legally"), permissions=frozenset({buying.LEGAL})),
        Act(id="contract.sign", name=_("sign a contract"), permissions=frozenset({buying.SIGN})),
        Act(id="delivery.accept", name=_("accept a delivery"), permissions=frozenset({buying.ACCEPT})),
        Act(
            id="contract.ask_change", name=_("ask for a change of a contract"), permissions=frozenset({buying.CONTRACT})
        ),
        Act(
            id="contract.decide_change",
            name=_("decide on a change of a contract"),
            permissions=frozenset({buying.SIGN}),
        ),
        Act(id="figure.enter", name=_("enter a figure of the rules"), permissions=frozenset({buying.FIGURES})),
        Act(id="figure.confirm", name=_("confirm a figure of the rules"), permissions=frozenset({buying.CONFIRM})),
        Act(id="asset.keep", name=_("keep an asset")),
        Act(id="asset.record", name=_("record an asset"), permissions=frozenset({assets.RECORD})),
        Act(id="transfer.give", name=_("hand an asset over"), permissions=frozenset({assets.MOVE})),
        Act(id="transfer.take", name=_("take an asset over"), permissions=frozenset({assets.MOVE})),
        Act(id="disposal.ask", name=_("ask for a disposal"), permissions=frozenset({assets.ASK})),
        Act(id="disposal.decide", name=_("decide on a disposal"), permissions=frozenset({assets.DECIDE})),
        Act(id="disposal.record", name=_("record a disposal"), permissions=frozenset({assets.RECORD})),
        Act(id="lease.ask", name=_("ask for a lease"), permissions=frozenset({assets.ASK})),
        Act(id="lease.decide", name=_("decide on a lease"), permissions=frozenset({assets.DECIDE})),
        Act(id="objective.set", name=_("set an objective"), permissions=frozenset({performance.SET})),
        Act(id="objective.approve", name=_("approve an objective"), permissions=frozenset({performance.APPROVE})),
        Act(id="objective.assess", name=_("assess one's own objective"), permissions=frozenset({performance.SET})),
        Act(
            id="objective.review",
            name=_("review what a unit says of itself"),
            permissions=frozenset({performance.REVIEW}),
        ),
    )
}
PAIRS = (
    Pair(rule="N01", area="budget", first="budget.prepare", second="budget.review",
         reason=_("who drafts a budget does not review it")),
    Pair(rule="N02", area="budget", first="budget.prepare", second="budget.approve",
         reason=_("who drafts a budget does not put it in force")),
    Pair(rule="N03", area="budget", first="budget.prepare", second="payment.pay",
         reason=_("who drafts a budget does not execute it")),
    Pair(rule="N04", area="budget", first="budget.review", second="payment.pay",
         reason=_("who reviews a budget does not execute it")),
    Pair(rule="N05", area="budget", first="change.ask", second="change.decide",
         reason=_("who asks for an adjustment does not decide on it")),
    Pair(rule="N06", area="budget", first="plan.ask", second="plan.decide",
         reason=_("who makes a funding plan does not approve it")),
    Pair(rule="N07", area="money", first="payment.ask", second="payment.approve",
         reason=_("who asks for a payment does not approve it")),
    Pair(rule="N08", area="money", first="payment.ask", second="payment.pay",
         reason=_("who asks for a payment does not make it")),
    Pair(rule="N09", area="money", first="payment.approve", second="payment.pay",
         reason=_("who approves a payment does not make it")),
    Pair(rule="N10", area="money", first="payment.pay", second="books.keep", always=True,
         reason=_("who keeps the books makes no payments, and who makes payments keeps no books")),
    Pair(rule="N11", area="money", first="payment.pay", second="audit", always=True,
         reason=_("who makes payments does no audit")),
    Pair(rule="N12", area="money", first="payment.ask", second="audit",
         reason=_("nobody audits the payment that he asked for")),
    Pair(rule="N13", area="money", first="payment.approve", second="audit",
         reason=_("nobody audits the payment that he approved")),
    Pair(rule="N14", area="money", first="payment.approve", second="finding.close", posts=False,
         reason=_("nobody closes the finding on a payment that he approved")),
    Pair(rule="N15", area="money", first="payment.ask", second="finding.close", posts=False,
         reason=_("nobody closes the finding on a payment that he asked for")),
    Pair(rule="N16", area="money", first="payment.pay", second="finding.close", posts=False,
         reason=_("nobody closes the finding on a payment that he made")),
    Pair(rule="N17", area="money", first="rule.propose", second="rule.approve",
         reason=_("who proposes a rule of control does not put it in force")),
    Pair(rule="N18", area="contracts", first="resolution.enter", second="resolution.review",
         reason=_("who enters a resolution does not review it legally")),
    Pair(rule="N19", area="money", first="paper.ask", second="paper.decide", posts=False,
         reason=_("who asks for salaries, subsidies or a card does not decide on it")),
    Pair(rule="N20", area="money", first="slip.enter", second="slip.confirm", posts=False,
         reason=_("who enters a slip does not confirm it")),
    Pair(rule="N21", area="procurement", first="need.ask", second="need.decide", posts=False,
         reason=_("who asks for something does not decide on it")),
    Pair(rule="N22", area="procurement", first="need.ask", second="procurement.run", posts=False,
         reason=_("who asks for something does not procure it")),
    Pair(rule="N23", area="procurement", first="procurement.run", second="key.hold", posts=False,
         reason=_("who runs a procurement holds no key to its bids")),
    Pair(rule="N24", area="procurement", first="need.ask", second="award.decide", posts=False,
         reason=_("who asks for something does not award it")),
    Pair(rule="N25", area="procurement", first="procurement.run", second="award.decide", posts=False,
         reason=_("who runs a procurement does not award it")),
    Pair(rule="N26", area="contracts", first="contract.draft", second="contract.review", posts=False,
         reason=_("who drafts a contract does not review it")),
    Pair(rule="N27", area="contracts", first="contract.draft", second="contract.sign", posts=False,
         reason=_("who drafts a contract does not sign it")),
    Pair(rule="N28", area="contracts", first="contract.review", second="contract.sign", posts=False,
         reason=_("who reviews a contract does not sign it")),
    Pair(rule="N29", area="procurement", first="procurement.run", second="delivery.accept", posts=False,
         reason=_("who procures does not accept the delivery")),
    Pair(rule="N30", area="procurement", first="contract.draft", second="delivery.accept", posts=False,
         reason=_("who drafts a contract does not accept the delivery")),
    Pair(rule="N31", area="procurement", first="delivery.accept", second="payment.pay", posts=False,
         reason=_("who accepted the delivery does not pay for it")),
    Pair(rule="N32", area="contracts", first="contract.ask_change", second="contract.decide_change", posts=False,
         reason=_("who asks for a change of a contract does not decide on it")),
    Pair(rule="N33", area="procurement", first="figure.enter", second="figure.confirm", posts=False,
         reason=_("who enters a figure does not confirm it")),
    Pair(rule="N34", area="assets", first="asset.keep", second="asset.record", posts=False,
         reason=_("who keeps an asset does not record it")),
    Pair(rule="N35", area="assets", first="transfer.give", second="transfer.take", posts=False,
         reason=_("who hands an asset over does not take it over")),
    Pair(rule="N36", area="assets", first="disposal.ask", second="disposal.decide", posts=False,
         reason=_("who asks for a disposal does not decide on it")),
    Pair(rule="N37", area="assets", first="disposal.record", second="disposal.decide", posts=False,
         reason=_("who records a disposal does not decide on it")),
    Pair(rule="N38", area="assets", first="disposal.ask", second="disposal.record", posts=False,
         reason=_("who asks for a disposal does not record it")),
    Pair(rule="N39", area="assets", first="asset.keep", second="disposal.record", posts=False,
         reason=_("who keeps an asset does not record its disposal")),
    Pair(rule="N40", area="assets", first="lease.ask", second="lease.decide", posts=False,
         reason=_("who asks for a lease does not decide on it")),
    Pair(rule="N41", area="budget", first="objective.set", second="objective.approve", posts=False,
         reason=_("who sets an objective does not approve it")),
    Pair(rule="N42", area="budget", first="objective.set", second="objective.review", posts=False,
         reason=_("who sets an objective does not review it")),
    Pair(rule="N43", area="budget", first="objective.assess", second="objective.review", posts=False,
         reason=_("who assesses an objective does not review it")),
    Pair(rule="N44", area="budget", first="project.propose", second="project.admit", posts=False,
         reason=_("who proposes a project does not admit it")),
)
# fmt: on

SEPARATIONS = tuple(
    Separation(
        id=f"finance.{pair.rule.lower()}",
        rule=pair.rule,
        reason=pair.reason,
        first=ACTS[pair.first].permissions,
        second=ACTS[pair.second].permissions,
        always=pair.always,
    )
    for pair in PAIRS
    if pair.posts
)


def check(actor: Actor, act: str, done: Mapping[str, Who]) -> None:
    """Refuse an act on a paper to whoever has done another on it that does not go with it; `done` says who did what.

    It looks at the person, not at the post: a deputy stays who he is, and so does who has moved to another post.
    """
    for pair in PAIRS:
        other = {pair.first: pair.second, pair.second: pair.first}.get(act)
        if other is not None and actor.user_id is not None and actor.user_id in _people(done.get(other)):
            raise Refused(
                field=_("duty"),
                value=actor.name,
                reason=_("%(reason)s (rule %(rule)s)") % {"reason": pair.reason, "rule": pair.rule},
                remedy=_("Ask somebody else"),
            )


def always(actor: Actor, act: str) -> None:
    """Refuse an act like `act` to whoever holds a duty that never goes with it, as the kernel does for `act` itself."""
    if actor.kind is ActorKind.SYSTEM:
        return
    held = frozenset(permission for grant in actor.grants for permission in grant.permissions)
    for pair in PAIRS:
        other = {pair.first: pair.second, pair.second: pair.first}.get(act)
        if pair.always and other is not None and not held.isdisjoint(ACTS[other].permissions):
            raise Refused(
                field=_("duty"),
                value=actor.name,
                reason=_("%(reason)s (rule %(rule)s)") % {"reason": pair.reason, "rule": pair.rule},
                remedy=_("Ask somebody else"),
            )


def _people(who: Who) -> frozenset[int | None]:
    return frozenset({who}) if who is None or isinstance(who, int) else frozenset(who)
