"""The auditor's work: samples drawn from a published seed, and notes on what he has seen. He changes no paper."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor, action, actionable
from zhen.kernel.cases.api import Case, Link, NewCase, receive
from zhen.kernel.cases.api import link as link_case
from zhen.kernel.journal import api as journal
from zhen.kernel.ledger import api as ledger
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Outdated, Refused
from zhen.kernel.pages.api import Made
from zhen.packs.finance import duties
from zhen.packs.finance.control import rights, tracing
from zhen.packs.finance.control.case_types import NOTE, done_on
from zhen.packs.finance.control.models import Sample
from zhen.packs.finance.control.rules import digest, monetary_sample, random_sample
from zhen.packs.finance.control.watching import PAYMENT
from zhen.packs.finance.models import Payment

MOST_DRAWN, MOST_LISTED = 500, 50_000
SHORTEST_SEED = 6
WAYS = {Sample.Method.MONETARY: monetary_sample, Sample.Method.RANDOM: random_sample}


@action(rights.AUDIT)
def freeze(actor: Actor, book: ledger.Book, *, method: str, first: date, last: date, size: int, purpose: str) -> Sample:
    """Write down which payments can be drawn, with the digest of the list. The seed comes afterwards."""
    held = actionable(actor, rights.AUDIT, ledger.Book.objects.filter(pk=book.pk)).get()
    rows = Payment.objects.filter(
        line__budget__book=held, state=Payment.State.PAID, paid_on__gte=first, paid_on__lte=last
    ).order_by("pk")
    population = list(rows.values_list("pk", "amount")[: MOST_LISTED + 1])
    if not 1 <= size <= MOST_DRAWN:
        raise Refused(
            field=_("how many to draw"),
            value=size,
            reason=_("a sample has 1 to %(most)s payments") % {"most": MOST_DRAWN},
            remedy=_("Choose another number"),
        )
    if not population or len(population) > MOST_LISTED:
        raise Refused(
            field=_("paid from"),
            value=f"{first}–{last}",
            reason=_("%(count)s payments were made in these days") % {"count": len(population)},
            remedy=_("Choose other days"),
        )
    made = Sample.objects.create(
        book=held,
        method=Sample.Method(method),
        first=first,
        last=last,
        size=size,
        purpose=purpose.strip()[:200],
        population=[list(one) for one in population],
        count=len(population),
        total=sum(amount for _key, amount in population),
        digest=digest(population),
        made_by_id=actor.user_id,
        made_at=clock.now(),
    )
    _tell("finance.sample_frozen", actor, made, digest=made.digest, count=made.count)
    return made


@action(rights.AUDIT)
def draw(actor: Actor, sample: Sample, *, seed: str, seed_from: str) -> Sample:
    """Draw by a seed that nobody could know when the list was frozen, such as the numbers of a lottery."""
    held = actionable(actor, rights.AUDIT, Sample.objects.select_for_update(of=("self",))).get(pk=sample.pk)
    seed = seed.strip()
    if held.drawn_at is not None:
        raise Outdated(field=_("sample"), value=held, reason=_("it is drawn already"), remedy=_("Look at what it drew"))
    if not SHORTEST_SEED <= len(seed) <= 200 or not seed_from.strip():
        raise Refused(
            field=_("seed"),
            value=seed,
            reason=_("it has fewer than %(least)s characters, or nobody can see where it is from")
            % {"least": SHORTEST_SEED},
            remedy=_("Take public numbers, such as those of a lottery of today, and say where they stand"),
        )
    population = [(int(key), int(amount)) for key, amount in held.population]
    held.drawn = WAYS[Sample.Method(held.method)](population, held.size, seed)
    held.seed, held.seed_from, held.drawn_at = seed, seed_from.strip()[:200], clock.now()
    held.save(update_fields=["drawn", "seed", "seed_from", "drawn_at"])
    _tell("finance.sample_drawn", actor, held, seed=seed, count=len(held.drawn))
    return held


@action(rights.AUDIT)
def note(actor: Actor, payment: Payment, *, title: str, text: str) -> Case:
    """Write an audit note on a payment: a case that the finance office answers and the auditor settles."""
    held = actionable(actor, rights.AUDIT, Payment.objects.select_related("line__budget__book")).get(pk=payment.pk)
    duties.check(actor, "audit", done_on([held]))
    unit = held.line.budget.book.unit_id
    case = receive(actor, NOTE.id, NewCase(title=title, text=text, source="finance.audit", unit_id=unit))
    link_case(actor, case.pk, Link.Kind.CAUSED, subject=(PAYMENT, str(held.pk)), note=f"{held} {held.payee}")
    data = {"payment": str(held), "case": case.number}
    journal.record("finance.audit_noted", by=actor, subject=held, unit=held.line.unit_id, data=data)
    case.refresh_from_db()
    return case


def paper(actor: Actor, payment: Payment) -> Made:
    """The printed trace. The journal notes that it was printed; the paper says what stood here at that moment."""
    made = tracing.as_pdf(actor, payment)
    _printed(actor, payment)
    return Made(name=f"{payment}.pdf", media="application/pdf", data=made)


@action(rights.AUDIT)
def _printed(actor: Actor, payment: Payment) -> None:
    data = {"payment": str(payment)}
    journal.record("finance.trace_printed", by=actor, subject=payment, unit=payment.line.unit_id, data=data)


def _tell(kind: str, actor: Actor, sample: Sample, **data: object) -> None:
    journal.record(kind, by=actor, subject=sample, unit=sample.book.unit_id, data={"purpose": sample.purpose, **data})
