"""What the kernel module ledger declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.ledger.jobs import let_expire
from zhen.kernel.lib.registry import Bundle

PERMISSIONS = (
    Permission(id="ledger.view", name=_("read books, vouchers and balances")),
    Permission(id="ledger.book.open", name=_("open books and bring balances forward")),
    Permission(id="ledger.account.add", name=_("add sub-accounts")),
    Permission(id="ledger.voucher.post", name=_("post vouchers by hand")),
    Permission(id="ledger.voucher.reverse", name=_("reverse vouchers")),
    Permission(id="ledger.period.close", name=_("close months")),
)

VIEW = frozenset({"ledger.view"})
GRANTS = (
    RoleGrant(
        id="ledger.finance_officer",
        role="finance_officer",
        permissions=frozenset(permission.id for permission in PERMISSIONS),
    ),
    RoleGrant(id="ledger.town_leader", role="town_leader", permissions=VIEW),
    RoleGrant(id="ledger.unit_head", role="unit_head", permissions=VIEW),
)

EVENTS = (
    EventKind(id="ledger.book_opened", text=_("opened the books {book}")),
    EventKind(id="ledger.account_added", text=_("added the account {account}")),
    EventKind(id="ledger.month_closed", text=_("closed the month {month} of {book}")),
    EventKind(id="ledger.posted", text=_("posted the voucher “{summary}”")),
    EventKind(id="ledger.reversed", text=_("reversed a voucher: {summary}")),
    EventKind(id="ledger.quota_granted", text=_("granted {amount} for {quota}")),
    EventKind(id="ledger.quota_adjusted", text=_("changed {quota} by {amount}")),
    EventKind(id="ledger.reserved", text=_("reserved {amount} of {quota}")),
    EventKind(id="ledger.let_go", text=_("let go of {amount} of {quota}")),
    EventKind(id="ledger.expired", text=_("{amount} of {quota} were reserved too long and are free again")),
)

JOBS = (Job(id="ledger.expire", name=_("Free what was reserved too long"), run=let_expire, every="*/10 * * * *"),)

BUNDLE = Bundle(owner="ledger", items=(*PERMISSIONS, *GRANTS, *EVENTS, *JOBS))
