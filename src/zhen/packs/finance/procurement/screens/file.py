"""A procurement as a page that reads like its file, and the list of all."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases import api as cases
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
    Fact,
    Filter,
    Kind,
    Link,
    ListPage,
    Panel,
    Tone,
)
from zhen.packs.finance.groups import PROCUREMENT
from zhen.packs.finance.procurement import queries, rights, rules
from zhen.packs.finance.procurement.actions import contracts, evaluating, needs
from zhen.packs.finance.procurement.actions.common import day_of, figures
from zhen.packs.finance.procurement.actions.suppliers import code_of
from zhen.packs.finance.procurement.models import Contract, KeyHolder, Member, Procurement, Score
from zhen.packs.finance.procurement.models.figures import Category
from zhen.packs.finance.procurement.screens.common import (
    ESTIMATE,
    STATE,
    bid_chip,
    due_chip,
    of,
    state_chip,
    winner_of,
)
from zhen.packs.finance.screens.common import state_filter

State = Procurement.State


def find(rows: Any, words: str) -> Any:
    for word in words.split():
        rows = rows.filter(Q(title__icontains=word) | Q(unit__name__icontains=word) | Q(catalogue__iexact=word))
    return rows


def need(_actor: Actor, procurement: Procurement) -> list[Fact]:
    return [
        Fact(label=_("department"), value=procurement.unit.name),
        Fact(
            label=_("budget line"),
            value=Link(text=str(procurement.line), url=f"/desk/finance/execution/{procurement.line_id}/"),
            kind=Kind.LINK,
        ),
        Fact(label=_("catalogue item"), value=procurement.catalogue),
        Fact(label=pgettext_lazy("in procurement", "category"), value=procurement.get_category_display()),
        Fact(label=_("estimated amount (yuan)"), value=procurement.amount, kind=Kind.MONEY),
        Fact(label=_("what it is needed for"), value=procurement.purpose, kind=Kind.PROSE),
        Fact(label=_("asked for by"), value=procurement.asked_by, kind=Kind.PERSON),
        Fact(label=_("asked for at"), value=procurement.asked_at, kind=Kind.TIME),
        Fact(label=_("approved by"), value=procurement.approved_by, kind=Kind.PERSON),
        Fact(label=_("reason"), value=procurement.reason),
    ]


def method(_actor: Actor, procurement: Procurement) -> list[Fact]:
    """The method, the figure it was held against, and what is an exception of it."""
    advice = rules.advise(procurement.category, procurement.amount, figures(), day_of(procurement.asked_at))
    facts = [
        Fact(label=_("method"), value=procurement.get_method_display()),
        Fact(label=_("method at this amount"), value=Procurement.Method(advice.method).label),
        Fact(label=_("figure it was held against"), value=procurement.method_why),
    ]
    if advice.by is not None and not advice.by.confirmed:
        facts.append(
            Fact(
                label=_("this figure"),
                value=Chip(text=_("nobody has confirmed it yet"), tone=Tone.DUE_SOON),
                kind=Kind.CHIP,
            )
        )
    if procurement.method_reason:
        facts.append(Fact(label=_("reason for another method"), value=procurement.method_reason, kind=Kind.PROSE))
    if procurement.split_total:
        facts += [
            Fact(label=_("like needs together (yuan)"), value=procurement.split_total, kind=Kind.MONEY),
            Fact(label=_("reason for needs apart"), value=procurement.split_reason, kind=Kind.PROSE),
        ]
    return facts


def like_needs(actor: Actor, procurement: Procurement) -> Any:
    return queries.procurements(actor).filter(pk__in=procurement.split_others)


def timers(_actor: Actor, procurement: Procurement) -> list[dict[str, Any]]:
    """What the rules give time for, with the day, and whether it is over."""
    known, days = figures(), cases.rulebook().calendar.workdays
    found: list[dict[str, Any]] = []

    def add(key: str, text: Any, day: Any, source: str, done: bool) -> None:
        found.append({"key": key, "text": text, "day": day, "source": source, "chip": due_chip(day, done=done)})

    if procurement.published_at and procurement.opens_at:
        day, row = rules.earliest_opening(procurement.method, day_of(procurement.published_at), known, days)
        if row:
            opened = procurement.opened_at is not None
            add("open", _("bids not opened before"), day, row.source, opened or clock.today() >= day)
        add("opening", _("opening"), day_of(procurement.opens_at), "", procurement.opened_at is not None)
    if procurement.awarded_at:
        awarded = day_of(procurement.awarded_at)
        row = rules.figure(known, "objection_days", "", awarded)
        if row:
            day = rules.after(row, awarded, days)
            add("objection", _("objections until"), day, row.source, clock.today() > day)
        row = rules.figure(known, "contract_days", "", awarded)
        if row:
            signed = procurement.state in (State.CONTRACTED, State.ACCEPTED)
            add(
                "contract",
                pgettext_lazy("in procurement", "contract until"),
                awarded + timedelta(days=row.amount),
                row.source,
                signed,
            )
    return found


def papers(actor: Actor, procurement: Procurement) -> list[Attached]:
    return [
        Attached(
            name=paper.title,
            url=files.url(actor, paper.file),
            chips=(Chip(text=_("public")),) if paper.public else (),
        )
        for paper in procurement.papers.select_related("file")
    ]


def invited(actor: Actor, procurement: Procurement) -> list[dict[str, Any]]:
    """Who takes part; the code only for who runs procurements, and while bids come in."""
    shows = actor.may(rights.RUN) and procurement.state in (State.APPROVED, State.TENDERING)
    rows = procurement.invitations.select_related("supplier__organisation")[:100]
    return [
        {
            "key": row.supplier_id,
            "name": str(row.supplier),
            "invited_at": row.invited_at,
            "code": code_of(row) if shows else "",
        }
        for row in rows
    ]


def keys(_actor: Actor, procurement: Procurement) -> Any:
    return procurement.holders.select_related("user")


def key_chip(holder: KeyHolder) -> Chip:
    if holder.turned_at:
        return Chip(text=_("turned"), tone=Tone.ON_TRACK)
    return (
        Chip(text=_("made"), tone=Tone.ON_TRACK) if holder.taken_at else Chip(text=_("to be made"), tone=Tone.DUE_SOON)
    )


def bids(_actor: Actor, procurement: Procurement) -> Any:
    return procurement.bids.select_related("supplier__organisation")


def members(_actor: Actor, procurement: Procurement) -> Any:
    return procurement.members.select_related("user")


def member_chip(member: Member) -> Chip:
    if member.recused:
        return Chip(text=_("stepped back"), tone=Tone.BEHIND)
    if member.declared_at:
        return Chip(text=_("no relation"), tone=Tone.ON_TRACK)
    return Chip(text=_("not declared"), tone=Tone.DUE_SOON)


def criteria(_actor: Actor, procurement: Procurement) -> Any:
    return procurement.criteria.all()


def scores(_actor: Actor, procurement: Procurement) -> Any:
    rows = Score.objects.filter(bid__procurement=procurement, member__recused=False)
    return rows.select_related("bid__supplier__organisation", "member__user", "criterion").order_by(
        "bid", "criterion", "member"
    )[:500]


def award(_actor: Actor, procurement: Procurement) -> list[Fact]:
    if procurement.winner is None:
        return []
    return [
        Fact(label=_("supplier"), value=str(procurement.winner.supplier)),
        Fact(label=_("award (yuan)"), value=procurement.award_amount, kind=Kind.MONEY),
        Fact(label=_("awarded by"), value=procurement.awarded_by, kind=Kind.PERSON),
        Fact(label=_("awarded at"), value=procurement.awarded_at, kind=Kind.TIME),
        Fact(label=_("reason of the award"), value=procurement.award_reason),
    ]


def objections(_actor: Actor, procurement: Procurement) -> list[Link]:
    rows = procurement.objections.select_related("case", "supplier__organisation")
    return [
        Link(
            text=f"{row.case.number} {row.supplier}",
            url=cases.url_of(row.case),
            detail=_("not answered yet") if row.case.open else _("answered"),
        )
        for row in rows
    ]


def contract_of(procurement: Procurement) -> Contract | None:
    return getattr(procurement, "contract", None)


def contract_facts(_actor: Actor, procurement: Procurement) -> list[Fact]:
    contract = contract_of(procurement)
    if contract is None:
        return []
    acceptance = getattr(contract, "acceptance", None)
    return [
        Fact(
            label=pgettext_lazy("in procurement", "number"),
            value=Link(text=str(contract), url=f"/desk/finance/contracts/{contract.pk}/"),
            kind=Kind.LINK,
        ),
        Fact(label=_("amount (yuan)"), value=contract.amount, kind=Kind.MONEY),
        Fact(label=_("begins on"), value=contract.starts_on, kind=Kind.DATE),
        Fact(label=_("ends on"), value=contract.ends_on, kind=Kind.DATE),
        Fact(label=_("legal opinion"), value=contract.opinion, kind=Kind.PROSE),
        Fact(label=_("signed on"), value=contract.signed_on, kind=Kind.DATE),
        Fact(label=_("accepted on"), value=acceptance.on if acceptance else None, kind=Kind.DATE),
        Fact(label=_("accepted by"), value=acceptance.accepted_by if acceptance else None, kind=Kind.PERSON),
        Fact(label=_("what was seen"), value=acceptance.findings if acceptance else ""),
    ]


def instalments(_actor: Actor, procurement: Procurement) -> Any:
    contract = contract_of(procurement)
    return contract.instalments.select_related("payment") if contract else []


def paid_chip(part: Any) -> Chip:
    if part.payment is None or part.payment.state in contracts.GONE:
        return due_chip(part.due_on)
    tone = Tone.ON_TRACK if part.payment.state == "paid" else Tone.DUE_SOON
    return Chip(text=part.payment.get_state_display(), tone=tone)


def payment_link(part: Any) -> Link | None:
    return Link(text=str(part.payment), url=f"/desk/finance/payments/{part.payment_id}/") if part.payment else None


def in_state(*states: str) -> Any:
    return lambda _actor, procurement: procurement.state in states


def holds_key(made: bool) -> Any:
    """For who holds a key: while it is to be made, or while it is to be turned."""

    def shown(actor: Actor, procurement: Procurement) -> bool:
        wanted = State.TENDERING if made else State.APPROVED
        if procurement.state != wanted:
            return False
        rows = KeyHolder.objects.filter(procurement=procurement, user_id=actor.user_id or 0)
        return rows.filter(taken_at__isnull=not made, turned_at__isnull=True).exists()

    return shown


def is_member(actor: Actor, procurement: Procurement) -> bool:
    if procurement.state not in (State.TENDERING, State.OPENED):
        return False
    return Member.objects.filter(procurement=procurement, user_id=actor.user_id or 0, recused=False).exists()


def button(id: str, label: Any, permission: str, shown: Any, key: str = "") -> Button:
    return Button(id=id, label=label, permission=permission, form=f"finance.procurement_{id}", shown=shown, key=key)


BUTTONS = (
    Button(
        id="approve",
        label=_("Approve"),
        permission=rights.APPROVE,
        run=lambda actor, procurement, _data: of(needs.approve(actor, procurement.pk).pk),
        confirm=_("It can be procured then."),
        key="a",
        shown=in_state(State.NEED),
    ),
    button("refuse", _("Refuse"), rights.APPROVE, in_state(State.NEED)),
    button("papers", _("Add documents"), rights.RUN, lambda _a, p: p.state != State.NEED),
    button("invite", _("Let a supplier take part"), rights.RUN, in_state(State.APPROVED, State.TENDERING)),
    button("member", _("Name a member"), rights.RUN, in_state(State.APPROVED, State.TENDERING)),
    button("holder", _("Name a holder of a key"), rights.RUN, in_state(State.APPROVED)),
    button("criterion", _("Add a criterion"), rights.RUN, in_state(State.APPROVED)),
    button("publish", _("Publish"), rights.RUN, in_state(State.APPROVED), key="p"),
    button("make_key", _("Make my key"), rights.VIEW, holds_key(made=False)),
    button("turn_key", _("Turn my key"), rights.VIEW, holds_key(made=True)),
    button("declare", _("Declare relations"), rights.VIEW, is_member),
    Button(
        id="rank",
        label=_("Compute the result"),
        permission=rights.RUN,
        run=lambda actor, procurement, _data: of(evaluating.rank(actor, procurement.pk).pk),
        confirm=_("Points and ranks follow by rule from what the members gave."),
        shown=in_state(State.OPENED),
    ),
    button("award", _("Award"), rights.AWARD, in_state(State.RANKED)),
    button("objection", _("Receive an objection"), rights.RUN, in_state(State.AWARDED)),
    button(
        "contract",
        _("Draft the contract"),
        rights.CONTRACT,
        lambda _a, p: p.state == State.AWARDED and contract_of(p) is None,
    ),
    button(
        "fail",
        _("End without an award"),
        rights.RUN,
        in_state(State.APPROVED, State.TENDERING, State.OPENED, State.RANKED),
    ),
)

PAGES = (
    ListPage(
        id="finance.procurements",
        title=_("Procurements"),
        menu=_("Procurements"),
        group=PROCUREMENT,
        icon="shopping-cart",
        order=65,
        permission=rights.VIEW,
        intro=_("Each procurement from the need to the last payment. A new one begins at its budget line."),
        rows=lambda actor, _params: queries.procurements(actor),
        columns=(
            Column(id="number", label=pgettext_lazy("in procurement", "number"), value=str, sort="pk"),
            Column(id="title", label=_("title"), value="title", width="wide", sort="title"),
            Column(id="unit", label=_("department"), value="unit.name", sort="unit__name_key"),
            Column(id="method", label=_("method"), value="get_method_display", sort="method"),
            ESTIMATE,
            Column(id="supplier", label=_("supplier"), value=winner_of),
            STATE,
        ),
        filters=(
            state_filter(State),
            Filter(
                id="category",
                label=pgettext_lazy("in procurement", "category"),
                apply=lambda rows, value: rows.filter(category=value),
                choices=tuple(Choice(value=one.value, label=one.label) for one in Category),
            ),
        ),
        search=find,
        order_by=("-asked_at", "-pk"),
        detail="finance.procurement",
        buttons=(
            Button(
                id="new",
                label=_("Ask for a procurement"),
                permission=rights.NEED,
                form="finance.procurement_new",
                key="n",
            ),
        ),
        empty=_("Nothing was asked for yet. Begin with what a department needs."),
    ),
    DetailPage(
        id="finance.procurement",
        title=_("procurement"),
        permission=rights.VIEW,
        subject=queries.procurement_for,
        heading=lambda procurement: f"{procurement.title}（{procurement}）",
        chips=lambda procurement: (state_chip(procurement), Chip(text=procurement.get_method_display())),
        panels=(
            Panel(id="need", title=_("Need"), form="facts", source=need),
            Panel(id="method", title=_("Method and why"), form="facts", source=method),
            Panel(
                id="items",
                title=_("Items"),
                form="table",
                source=lambda _actor, procurement: procurement.items.all(),
                columns=(
                    Column(id="name", label=pgettext_lazy("in procurement", "item"), value="name"),
                    Column(id="quantity", label=_("quantity"), value="quantity", kind=Kind.NUMBER),
                    Column(id="measure", label=_("unit of quantity"), value="measure"),
                ),
            ),
            Panel(
                id="like",
                title=_("Like needs of the department"),
                form="table",
                source=like_needs,
                columns=(
                    Column(id="number", label=pgettext_lazy("in procurement", "number"), value=str),
                    Column(id="title", label=_("title"), value="title"),
                    ESTIMATE,
                    STATE,
                ),
                detail="finance.procurement",
                empty=_("No other need for this item is counted together with it."),
            ),
            Panel(
                id="timers",
                title=_("Times of the rules"),
                form="table",
                source=timers,
                columns=(
                    Column(id="text", label=_("what"), value="text"),
                    Column(id="day", label=_("day"), value="day", kind=Kind.DATE),
                    Column(id="source", label=_("source"), value="source"),
                    Column(id="chip", label=_("state"), value="chip", kind=Kind.CHIP),
                ),
                empty=_("No time runs yet. It begins with the publication."),
            ),
            Panel(
                id="papers",
                title=_("Documents"),
                form="files",
                source=papers,
                empty=_("No document yet. The one for the bidders comes before the publication."),
            ),
            Panel(
                id="invited",
                title=_("Who takes part"),
                form="table",
                source=invited,
                columns=(
                    Column(id="name", label=_("supplier"), value="name"),
                    Column(id="invited_at", label=_("invited at"), value="invited_at", kind=Kind.TIME),
                    Column(id="code", label=_("code of the invitation"), value="code"),
                ),
                detail="finance.supplier",
                empty=_("No supplier takes part yet."),
            ),
            Panel(
                id="keys",
                title=pgettext_lazy("in procurement", "Keys"),
                form="table",
                source=keys,
                columns=(
                    Column(id="user", label=_("holder of the key"), value="user", kind=Kind.PERSON),
                    Column(id="turned", label=_("key turned at"), value="turned_at", kind=Kind.TIME),
                    Column(id="state", label=_("state"), value=key_chip, kind=Kind.CHIP),
                ),
                empty=_("Two people open the bids together. They are named before the publication."),
            ),
            Panel(
                id="committee",
                title=_("Committee"),
                form="table",
                source=members,
                columns=(
                    Column(id="user", label=_("member"), value="user", kind=Kind.PERSON),
                    Column(id="state", label=_("state"), value=member_chip, kind=Kind.CHIP),
                ),
                empty=_("No member is named yet."),
            ),
            Panel(
                id="criteria",
                title=_("Criteria"),
                form="table",
                source=criteria,
                columns=(
                    Column(id="name", label=_("criterion"), value="name"),
                    Column(id="weight", label=_("weight"), value="weight", kind=Kind.NUMBER),
                ),
                empty=_(
                    "The lowest evaluated price needs no criterion. A comprehensive score needs 100 points of them."
                ),
            ),
            Panel(
                id="bids",
                title=_("Bids"),
                form="table",
                source=bids,
                wide=True,
                columns=(
                    Column(id="supplier", label=_("supplier"), value="supplier"),
                    Column(
                        id="received",
                        label=pgettext_lazy("in procurement", "received at"),
                        value="received_at",
                        kind=Kind.TIME,
                    ),
                    Column(id="price", label=_("price (yuan)"), value="price", kind=Kind.MONEY),
                    Column(id="days", label=_("days to deliver"), value="days", kind=Kind.NUMBER),
                    Column(id="points", label=_("points"), value="points", kind=Kind.NUMBER),
                    Column(id="state", label=_("state"), value=bid_chip, kind=Kind.CHIP),
                    Column(id="digest", label=_("digest"), value=lambda bid: f"{bid.digest[:16]}…"),
                ),
                detail="finance.bid",
                empty=_("No bid came in yet. Until the opening nobody reads one."),
            ),
            Panel(
                id="scores",
                title=_("Points given"),
                form="table",
                source=scores,
                columns=(
                    Column(id="supplier", label=_("supplier"), value="bid.supplier"),
                    Column(id="criterion", label=_("criterion"), value="criterion"),
                    Column(id="member", label=_("member"), value="member.user", kind=Kind.PERSON),
                    Column(id="points", label=_("points"), value="points", kind=Kind.NUMBER),
                ),
                empty=_("No points are given."),
            ),
            Panel(id="award", title=_("Award"), form="facts", source=award, empty=_("Nothing is awarded yet.")),
            Panel(
                id="objections",
                title=_("Objections"),
                form="links",
                source=objections,
                empty=_("Nobody objected."),
            ),
            Panel(
                id="contract",
                title=_("Contract and acceptance"),
                form="facts",
                source=contract_facts,
                empty=_("There is no contract yet."),
            ),
            Panel(
                id="instalments",
                title=_("Instalments"),
                form="table",
                source=instalments,
                columns=(
                    Column(id="name", label=_("what for"), value="label"),
                    Column(id="due", label=_("due on"), value="due_on", kind=Kind.DATE),
                    Column(id="amount", label=_("amount (yuan)"), value="amount", kind=Kind.MONEY),
                    Column(id="payment", label=_("payment"), value=payment_link, kind=Kind.LINK),
                    Column(id="state", label=_("state"), value=paid_chip, kind=Kind.CHIP),
                ),
                empty=_("What is paid when stands in the contract."),
            ),
            HISTORY,
        ),
        buttons=BUTTONS,
    ),
)
