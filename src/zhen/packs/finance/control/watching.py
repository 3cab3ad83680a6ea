"""The risk rules on the journal: each event of a payment is looked at once, and what is found becomes a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.conf import settings as town
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases.api import Case, Link, NewCase, link, receive
from zhen.kernel.journal import api as journal
from zhen.kernel.lib import clock
from zhen.packs.finance.control.models import Finding, RiskSetting
from zhen.packs.finance.control.risks import ASKED, PAID, RISKS, Found, Risk
from zhen.packs.finance.control.rules import holds
from zhen.packs.finance.models import Payment

SYSTEM = Actor.system(gettext_noop("finance control"))
RISK = "finance.risk"
PAYMENT = "finance.payment"
LONGEST_TITLE = 200


def watch(events: Sequence[journal.Event]) -> None:
    """Look at the payments of these events, by the numbers in force on the day of each."""
    settings = list(RiskSetting.objects.filter(draft=False))
    if not settings:
        return
    ids = {int(event.subject_id) for event in events}
    rows = Payment.objects.filter(pk__in=ids).select_related("line__quota", "line__budget__book")
    payments = {payment.pk: payment for payment in rows}
    for event in events:
        payment = payments.get(int(event.subject_id))
        if payment is None or payment.state in (Payment.State.REFUSED, Payment.State.WITHDRAWN):
            continue
        day = event.at.astimezone(clock.TOWN_ZONE).date()
        with translation.override(town.LANGUAGE_CODE):  # what is written into the case is in the town's language
            for risk, found in _found(event.kind, payment, day, settings):
                open_case(SYSTEM, risk, found)


def _found(kind: str, payment: Payment, day: date, settings: Sequence[RiskSetting]) -> Iterable[tuple[Risk, Found]]:
    for risk in RISKS.values():
        setting = next((one for one in settings if one.rule == risk.id and holds(one, day)), None)
        found = risk.look(payment, day, setting.values) if setting and risk.event == kind else None
        if found is not None:
            yield risk, found


@action(None, silent=True, asks="the journal's own reader")
def open_case(actor: Actor, risk: Risk, found: Found) -> Case | None:
    """Open the case of what was found. Where one of its papers has a finding of the rule, the others join that one."""
    keys = [paper.pk for paper in found.papers]
    known = Finding.objects.select_for_update(of=("self",)).filter(rule=risk.id, payment__in=keys)
    held = known.select_related("case").order_by("-active", "-pk").first()
    if held is not None:
        if held.active:
            _join(actor, held.case, found.papers)
        return None
    first = found.payment
    book = first.line.budget.book
    case = receive(
        actor,
        RISK,
        NewCase(
            title=f"{risk.name}：{first} {first.payee}"[:LONGEST_TITLE],
            text=found.says,
            source="finance.risk",
            source_ref=f"{risk.id}:{first.pk}",
            unit_id=book.unit_id,
        ),
    )
    Finding.objects.create(rule=risk.id, payment=first, case=case, found_at=clock.now())
    _join(actor, case, found.papers)
    journal.record(
        "finance.finding",
        by=actor,
        subject=first,
        unit=book.unit_id,
        data={"rule": risk.id, "name": str(risk.name), "case": case.number},
    )
    return case


def _join(actor: Actor, case: Case, papers: Sequence[Payment]) -> None:
    known = set(Link.objects.filter(case=case, subject_type=PAYMENT).values_list("subject_id", flat=True))
    for paper in papers:
        if str(paper.pk) not in known:
            link(actor, case.pk, Link.Kind.CAUSED, subject=(PAYMENT, str(paper.pk)), note=f"{paper} {paper.payee}")


CONSUMER = journal.Consumer(
    id="finance.risks",
    name=_("Risk rules of public money"),
    handle=watch,
    kinds=frozenset({ASKED, PAID}),
    batch=200,
)
