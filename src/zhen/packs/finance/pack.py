"""What public money brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind
from zhen.kernel.packs.api import Pack
from zhen.packs.finance.accounts import CHART
from zhen.packs.finance.demo import build
from zhen.packs.finance.entries import TEMPLATES
from zhen.packs.finance.indicators import INDICATORS
from zhen.packs.finance.papers import PAPERS
from zhen.packs.finance.rights import GRANTS, PERMISSIONS, ROLES
from zhen.packs.finance.screens import PAGES

EVENTS = (
    EventKind(id="finance.budget_begun", text=_("began the draft of the budget {budget}")),
    EventKind(id="finance.line_added", text=_("added the line {line} with {amount} to the budget {budget}")),
    EventKind(id="finance.budget_reviewed", text=_("reviewed the budget {budget}")),
    EventKind(id="finance.budget_reopened", text=_("took the budget {budget} back to the draft")),
    EventKind(id="finance.budget_approved", text=_("put the budget {budget} in force by the resolution {resolution}")),
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
    EventKind(id="finance.payment_paid", text=_("paid {amount} by {payment}: {purpose}")),
)

PACK = Pack(
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
)
