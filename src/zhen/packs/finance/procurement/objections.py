"""Objections of suppliers (质疑): a kind of case with the statutory clock, and what follows where one is right.

《政府采购法》第五十二条至第五十四条, 《政府采购质疑和投诉办法》（财政部令第94号）.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Actor, action
from zhen.kernel.cases import api as cases
from zhen.kernel.cases.api import By, Case, CaseType, Deadline, Move, Need, Outcome, Powers, Transition
from zhen.kernel.cases.api import State as CaseState
from zhen.kernel.lib import clock
from zhen.kernel.lib.refusals import Refused
from zhen.kernel.pages.api import Tone
from zhen.packs.finance.procurement import rights, rules
from zhen.packs.finance.procurement.actions.common import State, day_of, figures, held, needed, say
from zhen.packs.finance.procurement.models import Objection, Supplier

OBJECTION_ID = "finance.objection"


def evaluate_again(actor: Actor, case: Case, _move: Move) -> None:
    """An objection that is right takes the award back: the bids are evaluated again."""
    objection = Objection.objects.select_related("procurement").filter(case=case).first()
    if objection is None:  # registered at the desk, about no procurement of ours: there is no award to take back
        return
    procurement = objection.procurement
    procurement.winner = procurement.award_amount = procurement.awarded_at = procurement.awarded_by = None
    procurement.award_reason = ""
    procurement.state = State.OPENED
    procurement.save(update_fields=["winner", "award_amount", "awarded_at", "awarded_by", "award_reason", "state"])
    procurement.bids.filter(rank__isnull=False).update(rank=None, points=None)
    say("award_withdrawn", actor, procurement, case=case.number)


OBJECTION = CaseType(
    id=OBJECTION_ID,
    name=_("objection to a procurement"),
    prefix="ZY",
    states=(
        CaseState(id="received", name=pgettext_lazy("state of an objection", "received"), tone=Tone.DUE_SOON),
        CaseState(id="closed", name=pgettext_lazy("state of an objection", "answered"), end=True),
    ),
    transitions=(
        Transition(
            id="dismiss",
            name=_("Answer: the result stands"),
            before=frozenset({"received"}),
            after="closed",
            permission=rights.AWARD,
            by=By.ANY,
            needs=frozenset({Need.RESULT}),
            stops=("answer",),
            stamps=("handled_at",),
            ends_as="dismissed",
            why="《政府采购法》第五十三条：收到书面质疑后七个工作日内作出答复",
        ),
        Transition(
            id="uphold",
            name=_("Answer: it is right, evaluate again"),
            before=frozenset({"received"}),
            after="closed",
            permission=rights.AWARD,
            by=By.ANY,
            needs=frozenset({Need.RESULT}),
            stops=("answer",),
            stamps=("handled_at",),
            ends_as="upheld",
            effect=evaluate_again,
            tone=Tone.BEHIND,
            why="财政部令第94号第十六条：质疑成立且影响中标结果的，合同未签订则重新开展采购活动",
        ),
    ),
    deadlines=(Deadline(id="answer", name=_("answer to the objection"), fallback=(7, "working_days"), whole=True),),
    start=("answer",),
    outcomes=(
        Outcome(id="upheld", name=pgettext_lazy("outcome of an objection", "upheld"), solved=True),
        Outcome(id="dismissed", name=pgettext_lazy("outcome of an objection", "dismissed"), solved=True),
    ),
    powers=Powers(
        view=rights.VIEW,
        create=rights.RUN,
        edit=rights.AWARD,
        assign=rights.AWARD,
        comment=rights.VIEW,
        pause=rights.AWARD,
        extend=rights.AWARD,
        link=rights.RUN,
        reporter=rights.AWARD,
    ),
)


@action(rights.RUN)
def receive(actor: Actor, key: int, supplier: Supplier, *, text: str) -> Objection:
    """Receive a supplier's objection to the result, within its time. Until it is answered no contract is made."""
    procurement = held(actor, rights.RUN, key, State.AWARDED)
    if not procurement.invitations.filter(supplier=supplier).exists():
        raise Refused(
            field=_("supplier"),
            value=supplier,
            reason=_("it did not take part"),
            remedy=_("Only who took part objects to the result"),
        )
    awarded = day_of(procurement.awarded_at or clock.now())
    row = rules.figure(figures(), "objection_days", "", awarded)
    if row is not None:
        until = rules.after(row, awarded, cases.rulebook().calendar.workdays)
        if clock.today() > until:
            raise Refused(
                field=_("objection"),
                value=clock.today(),
                reason=_("its time ended on %(day)s (%(source)s)") % {"day": until, "source": row.source},
                remedy=_("It is not taken any more"),
            )
    case = cases.receive(
        actor,
        OBJECTION_ID,
        cases.NewCase(
            title=f"{procurement} {procurement.title}：{supplier}"[:200],
            text=needed(_("objection"), text, _("Write what is objected to, and why")),
            unit_id=procurement.unit_id,
        ),
    )
    made = Objection.objects.create(case=case, procurement=procurement, supplier=supplier)
    say("objection_received", actor, procurement, supplier=str(supplier), case=case.number)
    return made
