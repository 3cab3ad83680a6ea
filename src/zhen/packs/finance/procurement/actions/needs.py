"""A need: asked for, held against the budget and the rules, approved by somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.files.api import File
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.packs.finance import duties
from zhen.packs.finance.models import BudgetLine
from zhen.packs.finance.procurement import rights, rules
from zhen.packs.finance.procurement.actions.common import (
    State,
    amount_of,
    day_of,
    figures,
    held,
    money,
    needed,
    say,
)
from zhen.packs.finance.procurement.models import Instalment, Item, Paper, Procurement

MOST_ITEMS = 50
MOST_PAPERS = 30
ENDED = (State.REFUSED, State.FAILED)


@dataclass(frozen=True, kw_only=True)
class Need:
    """What is needed, as it is entered. `items` are (name, quantity, unit of quantity)."""

    title: str
    catalogue: str
    category: str
    amount: int
    purpose: str
    method: str
    items: Sequence[tuple[str, int, str]]
    method_reason: str = ""
    split_reason: str = ""


@action(rights.NEED)
def ask(actor: Actor, line: BudgetLine, need: Need) -> Procurement:
    """Ask for something. Refused where the line has not so much left, or where it is a part of a larger need unsaid."""
    rows = BudgetLine.objects.select_for_update(of=("self",)).select_related("quota", "unit")
    paying = actionable(actor, rights.NEED, rows).get(pk=line.pk)
    now = clock.now()
    today = day_of(now)
    _check(need)
    known = figures()
    must_be_left(paying, need.amount)
    exception, why = _method(need, known)
    others = like(paying.unit_id, need.catalogue, amount_of(known, "split_days", today, 365))
    split = rules.splitting(need.category, need.amount, [one.amount for one in others], known, today)
    if split is not None and not need.split_reason.strip():
        raise Refused(
            field=_("reason for needs apart"),
            value=money(need.amount),
            reason=_("with %(others)s it comes to %(total)s, and from %(figure)s on another method holds (%(source)s)")
            % {
                "others": "、".join(f"{one}（{money(one.amount)}）" for one in others[:5]),
                "total": money(split.total),
                "figure": money(split.by.amount),
                "source": split.by.source,
            },
            remedy=_("Procure them together, or say why they are apart; the town's leaders then decide"),
        )
    made = Procurement.objects.create(
        unit=paying.unit,
        line=paying,
        title=need.title.strip(),
        catalogue=need.catalogue.strip().upper(),
        category=need.category,
        amount=need.amount,
        purpose=need.purpose.strip(),
        method=need.method,
        method_reason=need.method_reason.strip() if exception else "",
        method_why=why,
        split_others=[one.pk for one in others] if split else [],
        split_total=split.total if split else 0,
        split_reason=need.split_reason.strip() if split else "",
        asked_by_id=actor.user_id,
        asked_at=now,
    )
    Item.objects.bulk_create(
        Item(procurement=made, name=name, quantity=quantity, measure=measure) for name, quantity, measure in need.items
    )
    say("need_asked", actor, made, amount=money(made.amount))
    return made


def _check(need: Need) -> None:
    if need.amount <= 0:
        raise Refused(
            field=_("estimated amount"),
            value=money(need.amount),
            reason=_("it is not above zero"),
            remedy=_("Enter an amount"),
        )
    if not 1 <= len(need.items) <= MOST_ITEMS:
        raise Refused(
            field=pgettext_lazy("in procurement", "items"),
            value=len(need.items),
            reason=_("there must be 1 to %(most)s") % {"most": MOST_ITEMS},
            remedy=_("Write a line for each item"),
        )
    for label, text in ((_("title"), need.title), (_("catalogue item"), need.catalogue), (_("purpose"), need.purpose)):
        needed(label, text, _("Write it"))


def _method(need: Need, known: list[rules.Row]) -> tuple[bool, str]:
    """Whether the method is an exception, and the rule it was held against. An exception needs a reason."""
    advice = rules.advise(need.category, need.amount, known, clock.today())
    exception = need.method not in advice.free
    if exception:
        needed(
            _("reason for another method"),
            need.method_reason,
            _("At this amount the method is “%(method)s”. Say why another is allowed; the town's leaders then decide")
            % {"method": Procurement.Method(advice.method).label},
        )
    return exception, f"{money(advice.by.amount)} · {advice.by.source}"[:300] if advice.by else ""


def is_exception(procurement: Procurement) -> bool:
    """Whether only the town's leaders approve it: needs apart, or a method that the amount does not offer."""
    return bool(procurement.split_total or procurement.method_reason)


def like(unit_id: int, catalogue: str, days: int) -> list[Procurement]:
    """The unit's other needs for the same catalogue item within a window that ends today."""
    since = clock.now() - timedelta(days=days)
    return list(
        Procurement.objects.filter(unit_id=unit_id, catalogue=catalogue.strip().upper(), asked_at__gte=since)
        .exclude(state__in=ENDED)
        .order_by("-asked_at")[:100]
    )


def committed(line: BudgetLine, *, but: int = 0) -> int:
    """What other procurements of a line will still ask for: their contract, award or estimate, less their payments."""
    live = Procurement.objects.filter(line=line).exclude(state__in=ENDED).exclude(pk=but)
    wanted = live.aggregate(sum=Coalesce(Sum(Coalesce("contract__amount", "award_amount", "amount")), 0))["sum"]
    paying = Instalment.objects.filter(
        contract__procurement__in=live, payment__state__in=("asked", "approved", "paid")
    ).aggregate(sum=Coalesce(Sum("amount"), 0))["sum"]
    return max(0, int(wanted) - int(paying))


def left_of(line: BudgetLine, *, but: int = 0) -> int:
    """What a line has left for procurements: its allotment, less what was paid, asked for, and promised already."""
    if line.quota is None:
        return 0
    used = ledger.Quota.objects.filter(Q(pk=line.quota_id) | Q(parent_id=line.quota_id)).aggregate(
        sum=Coalesce(Sum(F("reserved") + F("spent")), 0)
    )["sum"]
    return line.quota.granted - int(used) - committed(line, but=but)


def must_be_left(line: BudgetLine, amount: int, *, but: int = 0) -> None:
    left = left_of(line, but=but)
    if amount > left:
        raise Refused(
            field=_("estimated amount"),
            value=money(amount),
            reason=_("the budget line has %(left)s left") % {"left": money(max(0, left))},
            remedy=_("Ask for less, or for an adjustment of the budget; what is not budgeted is not procured"),
        )


@action(rights.APPROVE)
def approve(actor: Actor, key: int) -> Procurement:
    """Approve a need. An exception from the rules is for the town's leaders."""
    procurement = held(actor, rights.APPROVE, key, State.NEED)
    duties.check(actor, "need.decide", {"need.ask": procurement.asked_by_id})
    if is_exception(procurement):
        actor.require(rights.EXCEPTION)
    line = BudgetLine.objects.select_for_update(of=("self",)).select_related("quota").get(pk=procurement.line_id)
    must_be_left(line, procurement.amount, but=procurement.pk)
    procurement.state, procurement.approved_by_id = State.APPROVED, actor.user_id
    procurement.approved_at = clock.now()
    procurement.save(update_fields=["state", "approved_by", "approved_at"])
    say("need_approved", actor, procurement, amount=money(procurement.amount))
    return procurement


@action(rights.APPROVE)
def refuse(actor: Actor, key: int, *, reason: str) -> Procurement:
    procurement = held(actor, rights.APPROVE, key, State.NEED)
    duties.check(actor, "need.decide", {"need.ask": procurement.asked_by_id})
    procurement.state, procurement.reason = State.REFUSED, needed(_("reason"), reason, _("Say why"))
    procurement.save(update_fields=["state", "reason"])
    say("need_refused", actor, procurement, reason=procurement.reason)
    return procurement


@action(rights.RUN)
def add_papers(actor: Actor, key: int, sent: Sequence[File], *, title: str, public: bool) -> None:
    """Add documents; those for everybody come before the publication, so that all bidders read the same."""
    states = (State.APPROVED,) if public else ()
    procurement = held(actor, rights.RUN, key, *states)
    if procurement.papers.count() + len(sent) > MOST_PAPERS:
        raise Refused(
            field=_("files"),
            value=len(sent),
            reason=_("a procurement has at most %(most)s documents") % {"most": MOST_PAPERS},
            remedy=_("Put several into one file"),
        )
    now = clock.now()
    Paper.objects.bulk_create(
        Paper(procurement=procurement, file=file, title=title.strip() or file.name, public=public, added_at=now)
        for file in sent
    )
    say("papers_added", actor, procurement, count=len(sent))
