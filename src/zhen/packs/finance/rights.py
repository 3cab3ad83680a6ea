"""What somebody may do with public money, and who gets it. Duties that one person never combines are in `duties`."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, Reach, Role, RoleGrant

VIEW = "finance.view"
DRAFT = "finance.budget.draft"
REVIEW = "finance.budget.review"
CONGRESS = "finance.budget.approve"
ASK_CHANGE = "finance.change.ask"
DECIDE_CHANGE = "finance.change.decide"
ASK_PLAN = "finance.plan.ask"
DECIDE_PLAN = "finance.plan.decide"
ASK = "finance.payment.ask"
APPROVE = "finance.payment.approve"
PAY = "finance.payment.pay"
PUBLISH = "finance.budget.publish"
CLOSE_YEAR = "finance.year.close"
CONFIRM = "finance.slip.confirm"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read the budget and payments")),
    Permission(id=DRAFT, name=_("draft the budget")),
    Permission(id=REVIEW, name=_("review the budget")),
    Permission(id=CONGRESS, name=_("enter the congress's approval of the budget")),
    Permission(id=PUBLISH, name=_("publish the budget and the final accounts")),
    Permission(id=ASK_CHANGE, name=_("ask for adjustments of the budget")),
    Permission(id=DECIDE_CHANGE, name=_("decide on adjustments of the budget")),
    Permission(id=ASK_PLAN, name=_("make funding plans")),
    Permission(id=DECIDE_PLAN, name=_("approve funding plans")),
    Permission(id=ASK, name=_("ask for payments")),
    Permission(id=APPROVE, name=_("approve payments")),
    Permission(id=PAY, name=_("make payments")),
    Permission(id=CONFIRM, name=_("confirm slips of cash and of the own account")),
    Permission(id=CLOSE_YEAR, name=_("close the year and open the next")),
)

CASHIER = "finance.cashier"
BOOKS = frozenset(
    {
        "ledger.view",
        "ledger.book.open",
        "ledger.account.add",
        "ledger.voucher.post",
        "ledger.voucher.reverse",
        "ledger.period.close",
    }
)

ROLES = (
    Role(
        id="finance.accountant",
        name=_("accountant"),
        permissions=BOOKS | {VIEW, DRAFT, ASK_CHANGE, DECIDE_PLAN, CONFIRM, CLOSE_YEAR},
        reach=Reach.TOWN,
    ),
    Role(id=CASHIER, name=_("cashier"), permissions=frozenset({VIEW, PAY}), reach=Reach.TOWN),
)

_OF_ROLES = {
    "finance_officer": frozenset({VIEW, REVIEW, CONGRESS, PUBLISH, DECIDE_CHANGE, DECIDE_PLAN, APPROVE}),
    "town_leader": frozenset({VIEW, CONGRESS, DECIDE_CHANGE, APPROVE}),
    "unit_head": frozenset({VIEW, ASK_CHANGE, APPROVE}),
    "unit_clerk": frozenset({VIEW, ASK_PLAN, ASK}),
}
GRANTS = tuple(
    RoleGrant(id=f"finance.{role}", role=role, permissions=permissions) for role, permissions in _OF_ROLES.items()
)
