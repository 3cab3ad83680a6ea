"""Reading the rules, signatures, resolutions, findings and samples of internal control, restricted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from zhen.kernel.access.api import ROLES, SEPARATIONS, Actor, Reach, permissions_of, restrict
from zhen.kernel.identity.api import User, posts_on
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Text
from zhen.packs.finance.control import rights
from zhen.packs.finance.control.models import (
    ApprovalRow,
    Cover,
    Finding,
    PaperKind,
    Resolution,
    RiskSetting,
    Sample,
    Step,
)
from zhen.packs.finance.control.papers import PAPERS, paper_of
from zhen.packs.finance.control.risks import RISKS, Risk
from zhen.packs.finance.control.rules import row_for
from zhen.packs.finance.models import Payment
from zhen.packs.finance.queries import one
from zhen.packs.finance.rights import VIEW

MOST_PREVIEWED = 500
LAST_MONTH = timedelta(days=30)


def rows(actor: Actor) -> QuerySet[ApprovalRow]:
    return restrict(actor, rights.VIEW, ApprovalRow.objects.select_related("proposed_by", "approved_by"))


def row(actor: Actor, key: str) -> ApprovalRow:
    return one(rows(actor), key)


def settings(actor: Actor) -> QuerySet[RiskSetting]:
    return restrict(actor, rights.VIEW, RiskSetting.objects.select_related("proposed_by", "approved_by"))


def setting(actor: Actor, key: str) -> RiskSetting:
    return one(settings(actor), key)


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A payment of the last month: what it needed, and what it would need by the row that is looked at."""

    payment: Payment
    before: ApprovalRow | None
    after: ApprovalRow | None

    @property
    def pk(self) -> int:
        return self.payment.pk


def preview(actor: Actor, tried: ApprovalRow) -> list[Tried]:
    """The papers of the last month that the row would have applied to; only payments keep their day and amount."""
    if tried.kind != PaperKind.PAYMENT:
        return []
    since = clock.now() - LAST_MONTH
    payments = restrict(actor, VIEW, Payment.objects.select_related("line__unit")).filter(
        asked_at__gte=since, amount__gte=tried.amount_from
    )
    held = list(ApprovalRow.objects.filter(kind=tried.kind, draft=False))
    today = clock.today()
    others = [
        one for one in held if one.amount_from != tried.amount_from and (one.valid_to is None or one.valid_to > today)
    ]
    found = []
    for payment in payments.order_by("-asked_at")[:MOST_PREVIEWED]:
        day = payment.asked_at.astimezone(clock.TOWN_ZONE).date()
        top = max((tried, *(one for one in others if one.amount_from <= payment.amount)), key=lambda it: it.amount_from)
        if top is tried:
            found.append(Tried(payment=payment, before=row_for(held, tried.kind, payment.amount, day), after=tried))
    return found


def steps_of(actor: Actor, subject: Any) -> QuerySet[Step]:
    """The chain of a paper: who signed, and who is next."""
    held = Step.objects.filter(kind=paper_of(subject).kind, paper=subject.pk).select_related("signed_by", "unit")
    return restrict(actor, VIEW, held).order_by("position")


def to_sign(actor: Actor) -> QuerySet[Step]:
    """The steps that are next, and for which the actor holds the post; not of papers that he has had in hand."""
    earlier = Step.objects.filter(
        kind=OuterRef("kind"), paper=OuterRef("paper"), position__lt=OuterRef("position"), signed_at=None
    )
    mine = Step.objects.filter(kind=OuterRef("kind"), paper=OuterRef("paper"), signed_by=actor.user_id or 0)
    reach = Q(pk__in=())
    for grant in actor.grants:
        units = Q(unit__in=grant.units or ()) if grant.reach is Reach.UNIT else Q()
        reach |= Q(role=grant.role) & units
    waiting = Step.objects.filter(reach, ~Exists(earlier), ~Exists(mine), signed_at=None)
    return waiting.exclude(asked_by=actor.user_id or 0).select_related("unit", "asked_by")


def resolutions(actor: Actor) -> QuerySet[Resolution]:
    people = ("entered_by", "reviewed_by", "file")
    return restrict(actor, rights.VIEW, Resolution.objects.select_related(*people))


def resolution(actor: Actor, key: str) -> Resolution:
    return one(resolutions(actor), key)


def usable(amount: int) -> QuerySet[Resolution]:
    """The resolutions of which so much is left."""
    return Resolution.objects.filter(lawful=True, amount__gte=F("used") + amount).order_by("-held_on", "-pk")


def covers(actor: Actor, held: Resolution) -> QuerySet[Cover]:
    return restrict(actor, rights.VIEW, Cover.objects.filter(resolution=held)).select_related("named_by").order_by("pk")


def cover_of(actor: Actor, subject: Any) -> Cover | None:
    held = Cover.objects.filter(kind=paper_of(subject).kind, paper=subject.pk).select_related("resolution")
    return held.first()


def paper(actor: Actor, kind: PaperKind, key: str) -> Any:
    """A paper that a resolution may be named for."""
    return one(restrict(actor, rights.COVER, PAPERS[kind].model.objects.all()), key)


def findings(actor: Actor) -> QuerySet[Finding]:
    return restrict(actor, rights.VIEW, Finding.objects.select_related("case", "payment__line__unit"))


def samples(actor: Actor) -> QuerySet[Sample]:
    return restrict(actor, rights.AUDIT, Sample.objects.select_related("book", "made_by"))


def sample(actor: Actor, key: str) -> Sample:
    return one(samples(actor), key)


def drawn(actor: Actor, held: Sample) -> list[Payment]:
    """What a sample has drawn, in its order."""
    found = restrict(actor, VIEW, Payment.objects.filter(pk__in=held.drawn).select_related("line__unit"))
    by_key = {payment.pk: payment for payment in found}
    return [by_key[key] for key in held.drawn if key in by_key]


@dataclass(frozen=True, kw_only=True)
class RiskCount:
    """A risk rule with what became of its findings."""

    risk: Risk
    setting: RiskSetting | None
    open: int
    justified: int
    error: int
    violation: int

    @property
    def id(self) -> str:
        return self.risk.id

    @property
    def closed(self) -> int:
        return self.justified + self.error + self.violation

    @property
    def false_rate(self) -> float | None:
        """How many of the closed ones were justified, in %: what the rule should not have found."""
        return round(100 * self.justified / self.closed, 1) if self.closed else None


def risk_counts(actor: Actor) -> list[RiskCount]:
    today = clock.today()
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for rule, cause, count in (
        restrict(actor, rights.VIEW, Finding.objects.all())
        .order_by()
        .values_list("rule", "cause")
        .annotate(count=Count("pk"))
    ):
        counted[rule][cause] = count
    held = (
        settings(actor)
        .filter(draft=False, valid_from__lte=today)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today))
    )
    by_rule = {one.rule: one for one in held}
    return [
        RiskCount(
            risk=risk,
            setting=by_rule.get(risk.id),
            open=counted[risk.id][""],
            justified=counted[risk.id][Finding.Cause.JUSTIFIED],
            error=counted[risk.id][Finding.Cause.ERROR],
            violation=counted[risk.id][Finding.Cause.VIOLATION],
        )
        for risk in RISKS.values()
    ]


@dataclass(frozen=True, kw_only=True)
class Combined:
    """Somebody who holds both sides of a separation, by which posts, and the reason that was recorded for it."""

    user: User
    rule: str
    reason: Text
    roles: str
    despite: str

    @property
    def key(self) -> str:
        return f"{self.user.pk}-{self.rule}"


def combined(_actor: Actor) -> list[Combined]:
    """Who holds incompatible permissions today, deputies included: four queries."""
    posts = list(posts_on(clock.today()).select_related("user", "unit"))
    of_user: dict[int, list[Any]] = defaultdict(list)
    for post in posts:
        if post.role in ROLES:
            of_user[post.user_id].append(post)
    found = []
    for held in of_user.values():
        by_role = {post.role: permissions_of(ROLES[post.role]) for post in held}
        everything = frozenset[str]().union(*by_role.values())
        for separation in SEPARATIONS:
            if separation.met_by(everything):
                sides = separation.first | separation.second
                found.append((held[0].user, separation, [post for post in held if by_role[post.role] & sides]))
    despite = _despite([post for _user, _separation, held in found for post in held])
    return [
        Combined(
            user=user,
            rule=separation.rule,
            reason=separation.reason,
            roles="、".join(f"{post.unit.name} {ROLES[post.role].name}" for post in held),
            despite="；".join(sorted({despite[post.pk] for post in held if post.pk in despite})),
        )
        for user, separation, held in found
    ]


def _despite(posts: Iterable[Any]) -> dict[int, str]:
    keys = [str(post.pk) for post in posts]
    events = journal.Event.objects.filter(
        kind__in=("identity.post_given", "identity.post_deputised"), subject_type="identity.post", subject_id__in=keys
    )
    return {int(one.subject_id): str(one.data["despite"]) for one in events if one.data.get("despite")}


def books(actor: Actor) -> QuerySet[ledger.Book]:
    return ledger.books(actor)


def row_of(subject: Any) -> ApprovalRow | None:
    """The row of the matrix that laid down a paper's steps."""
    step = Step.objects.filter(kind=paper_of(subject).kind, paper=subject.pk).select_related("row").first()
    return step.row if step else None
