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
from zhen.packs.finance.control import rights as control

Who = int | None | Iterable[int | None]


@dataclass(frozen=True, kw_only=True)
class Act:
    """A thing that is done to a paper, and the permissions that allow it."""

    id: str
    name: Text
    permissions: frozenset[str]


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


ACTS = {
    act.id: act
    for act in (
        Act(id="budget.prepare", name=_("prepare a budget"), permissions=frozenset({rights.DRAFT})),
        Act(id="budget.review", name=_("review a budget"), permissions=frozenset({rights.REVIEW})),
        Act(id="budget.approve", name=_("put a budget in force"), permissions=frozenset({rights.CONGRESS})),
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
    )
}

# fmt: off
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


def apart(actor: Actor, *others: tuple[int | None, Text]) -> None:
    """The same for acts that one module alone knows; `others` are (who has done another part, the sentence for it)."""
    for who, reason in others:
        if who is not None and who == actor.user_id:
            raise Refused(field=_("duty"), value=actor.name, reason=reason, remedy=_("Ask somebody else"))


def _people(who: Who) -> frozenset[int | None]:
    return frozenset({who}) if who is None or isinstance(who, int) else frozenset(who)
