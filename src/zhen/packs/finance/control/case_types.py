"""Two kinds of cases: what a risk rule has found, and what the auditor has noted."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor
from zhen.kernel.cases.api import By, Case, CaseType, Deadline, Link, Move, Need, Outcome, Powers, State, Transition
from zhen.kernel.pages.api import Tone
from zhen.packs.finance import duties
from zhen.packs.finance.control import rights, signing
from zhen.packs.finance.control.models import Finding
from zhen.packs.finance.control.watching import PAYMENT
from zhen.packs.finance.models import Payment


def done_on(payments: list[Payment]) -> dict[str, list[int | None]]:
    """Who did what on payments, as the table of duties asks for it."""
    approved = [payment.approved_by_id for payment in payments]
    for payment in payments:
        approved += signing.signers(payment)
    return {
        "payment.ask": [payment.asked_by_id for payment in payments],
        "payment.approve": approved,
        "payment.pay": [payment.paid_by_id for payment in payments],
    }


def papers_of(case: Case) -> list[Payment]:
    ids = Link.objects.filter(case=case, subject_type=PAYMENT).values_list("subject_id", flat=True)
    return list(Payment.objects.filter(pk__in=[int(id) for id in ids]))


def check_close(actor: Actor, case: Case, _given: Move, _now: datetime) -> None:
    duties.check(actor, "finding.close", done_on(papers_of(case)))


def close_finding(_actor: Actor, case: Case, given: Move) -> None:
    Finding.objects.filter(case=case).update(active=False, cause=given.outcome)


def _powers(create: str, work: str) -> Powers:
    return Powers(
        view=rights.VIEW,
        create=create,
        edit=create,
        assign=work,
        comment=rights.VIEW,
        pause=work,
        extend=rights.CLOSE,
        link=work,
        reporter=create,
    )


RISK = CaseType(
    id="finance.risk",
    name=_("finding of internal control"),
    prefix="NK",
    states=(
        State(id="found", name=pgettext_lazy("state of a finding", "found"), tone=Tone.BEHIND),
        State(id="looking", name=_("being looked into"), tone=Tone.DUE_SOON),
        State(id="explained", name=_("explained, to be judged")),
        State(id="closed", name=pgettext_lazy("state of a case", "closed"), tone=Tone.ON_TRACK, end=True),
    ),
    transitions=(
        Transition(
            id="look",
            name=_("Look into it"),
            before=frozenset({"found"}),
            after="looking",
            permission=rights.LOOK,
            stops=("look",),
            stamps=("accepted_at",),
            key="a",
        ),
        Transition(
            id="explain",
            name=_("Say what it was"),
            before=frozenset({"looking"}),
            after="explained",
            permission=rights.LOOK,
            needs=frozenset({Need.RESULT}),
            stamps=("handled_at",),
            key="h",
        ),
        Transition(
            id="again",
            name=_("Look again"),
            before=frozenset({"explained"}),
            after="looking",
            permission=rights.CLOSE,
            by=By.OTHER,
            needs=frozenset({Need.REASON}),
            tone=Tone.BEHIND,
        ),
        Transition(
            id="close",
            name=_("Close with a cause"),
            before=frozenset({"explained"}),
            after="closed",
            permission=rights.CLOSE,
            by=By.OTHER,
            needs=frozenset({Need.OUTCOME}),
            stops=("whole",),
            stamps=("verified_at",),
            check=check_close,
            effect=close_finding,
            tone=Tone.ON_TRACK,
            key="x",
            why="Who has looked into it, or had a hand in the papers, does not judge it.",
        ),
    ),
    deadlines=(
        Deadline(id="look", name=_("look into it"), fallback=(3, "working_days")),
        Deadline(id="whole", name=_("close it"), fallback=(15, "working_days"), whole=True),
    ),
    start=("look", "whole"),
    outcomes=(
        Outcome(id="justified", name=_("justified"), solved=True),
        Outcome(id="error", name=_("error, put right"), solved=True),
        Outcome(id="violation", name=_("violation"), solved=True),
    ),
    powers=_powers(create=rights.LOOK, work=rights.LOOK),
)


def check_audit(actor: Actor, case: Case, _given: Move, _now: datetime) -> None:
    duties.check(actor, "audit", done_on(papers_of(case)))


NOTE = CaseType(
    id="finance.audit_note",
    name=_("audit note"),
    prefix="SJ",
    states=(
        State(id="noted", name=_("note written"), tone=Tone.DUE_SOON),
        State(id="answered", name=_("answered")),
        State(id="settled", name=_("settled with the auditor"), tone=Tone.ON_TRACK, end=True),
    ),
    transitions=(
        Transition(
            id="answer",
            name=_("Answer"),
            before=frozenset({"noted"}),
            after="answered",
            permission=rights.ANSWER,
            needs=frozenset({Need.RESULT}),
            stops=("answer",),
            stamps=("handled_at",),
            key="h",
        ),
        Transition(
            id="ask_again",
            name=_("Ask again"),
            before=frozenset({"answered"}),
            after="noted",
            permission=rights.AUDIT,
            by=By.OTHER,
            needs=frozenset({Need.REASON}),
            starts=("answer",),
            check=check_audit,
            tone=Tone.BEHIND,
        ),
        Transition(
            id="settle",
            name=_("Settle"),
            before=frozenset({"answered"}),
            after="settled",
            permission=rights.AUDIT,
            by=By.OTHER,
            needs=frozenset({Need.OUTCOME}),
            stops=("whole",),
            stamps=("verified_at",),
            check=check_audit,
            tone=Tone.ON_TRACK,
            key="x",
        ),
    ),
    deadlines=(
        Deadline(id="answer", name=_("answer it"), fallback=(10, "working_days")),
        Deadline(id="whole", name=_("settle it"), fallback=(30, "working_days"), whole=True),
    ),
    start=("answer", "whole"),
    outcomes=(
        Outcome(id="explained", name=_("explained well enough"), solved=True),
        Outcome(id="rectified", name=_("put right"), solved=True),
        Outcome(id="handed_on", name=_("handed on to whoever decides about violations"), solved=None),
    ),
    powers=_powers(create=rights.AUDIT, work=rights.AUDIT),
)

CASE_TYPES = (RISK, NOTE)
