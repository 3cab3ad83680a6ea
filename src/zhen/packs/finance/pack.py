"""What public money brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind
from zhen.kernel.packs.api import Pack, joined
from zhen.packs.finance.accounts import CHART
from zhen.packs.finance.assets import declared as assets
from zhen.packs.finance.control import declared as control
from zhen.packs.finance.demo import build
from zhen.packs.finance.entries import TEMPLATES
from zhen.packs.finance.indicators import INDICATORS
from zhen.packs.finance.papers import PAPERS
from zhen.packs.finance.performance import declared as performance
from zhen.packs.finance.procurement import declared as procurement
from zhen.packs.finance.projects import declared as projects
from zhen.packs.finance.rights import GRANTS, PERMISSIONS, ROLES
from zhen.packs.finance.screens import PAGES

EVENTS = (
    EventKind(id="finance.budget_begun", text=_("began the draft of the budget {budget}")),
    EventKind(id="finance.line_added", text=_("added the line {line} with {amount} to the budget {budget}")),
    EventKind(id="finance.budget_reviewed", text=_("reviewed the budget {budget}")),
    EventKind(id="finance.budget_reopened", text=_("took the budget {budget} back to the draft")),
    EventKind(id="finance.budget_approved", text=_("put the budget {budget} in force by the resolution {resolution}")),
    EventKind(id="finance.budget_published", text=_("published {what}, {amount}")),
    EventKind(id="finance.change_asked", text=_("asked for an adjustment of {amount}: {reason}")),
    EventKind(id="finance.change_approved", text=_("approved the adjustment of {amount}: {reason}")),
    EventKind(id="finance.change_refused", text=_("refused the adjustment of {amount}: {reason}")),
    EventKind(id="finance.plan_asked", text=_("planned {amount} of {line} for month {month}")),
    EventKind(id="finance.plan_approved", text=_("approved {amount} of {line} for month {month}")),
    EventKind(id="finance.plan_refused", text=_("refused {amount} of {line} for month {month}")),
    EventKind(id="finance.payment_asked", text=_("asked for the payment {payment} of {amount}: {purpose}")),
    EventKind(id="finance.payment_approved", text=_("approved the payment {payment} of {amount}")),
    EventKind(id="finance.payment_refused", text=_("refused the payment {payment} of {amount}")),
    EventKind(id="finance.payment_withdrawn", text=_("withdrew the payment {payment} of {amount}")),
    EventKind(id="finance.year_closed", text=_("closed the year of the books {book}")),
    EventKind(id="finance.line_finished", text=_("said that the project {line} is finished")),
    EventKind(id="finance.bank_read", text=_("read {count} lines of the bank statement {statement}")),
    EventKind(id="finance.bank_discarded", text=_("threw away the preview of the bank statement {statement}")),
    EventKind(id="finance.bank_taken", text=_("took over the bank statement {statement}, {count} lines matched")),
    EventKind(id="finance.bank_matched", text=_("matched {count} line of the bank statement {statement} by hand")),
    EventKind(id="finance.payment_claimed", text=_("approved the claim of {payment} of {amount}")),
    EventKind(id="finance.payment_carried", text=_("carried {payment} of {amount} into the next year")),
    EventKind(id="finance.payroll_asked", text=_("entered the payroll {paper} of {amount}")),
    EventKind(id="finance.payroll_decided", text=_("decided on the payroll {paper} of {amount}")),
    EventKind(id="finance.subsidies_asked", text=_("asked for the batch of subsidies {paper} of {amount}")),
    EventKind(id="finance.subsidies_decided", text=_("decided on the batch of subsidies {paper} of {amount}")),
    EventKind(id="finance.slip_entered", text=_("entered the slip {slip} of {amount}: {what}")),
    EventKind(id="finance.slip_decided", text=_("decided on the slip {slip} of {amount}: {what}")),
    EventKind(id="finance.payment_paid", text=_("paid {amount} by {payment}: {purpose}")),
)


PACK = joined(
    Pack(
        id="finance",
        name=_("Public money"),
        permissions=PERMISSIONS,
        roles=ROLES,
        role_grants=GRANTS,
        event_kinds=EVENTS,
        charts=(CHART,),
        voucher_templates=TEMPLATES,
        papers=PAPERS,
        pages=PAGES,
        indicators=INDICATORS,
        demo=build,
    ),
    projects.PART,
    assets.PART,
    performance.PART,
    procurement.PART,
    control.PART,
)
