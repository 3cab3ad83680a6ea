"""What somebody may do in procurement, and who gets it. Duties that one person never combines are in the actions."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhen.kernel.access.api import Permission, Reach, Role, RoleGrant

VIEW = "finance.procurement.view"
NEED = "finance.need.ask"
APPROVE = "finance.need.approve"
EXCEPTION = "finance.need.except"
RUN = "finance.procurement.run"
AWARD = "finance.procurement.award"
CONTRACT = "finance.contract.draft"
LEGAL = "finance.contract.review"
SIGN = "finance.contract.sign"
ACCEPT = "finance.delivery.accept"
FIGURES = "finance.figure.enter"
CONFIRM = "finance.figure.confirm"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read procurements, suppliers and contracts")),
    Permission(id=NEED, name=_("ask for procurements")),
    Permission(id=APPROVE, name=_("approve needs")),
    Permission(id=EXCEPTION, name=_("approve needs that are an exception from the rules")),
    Permission(id=RUN, name=_("run procurements")),
    Permission(id=AWARD, name=_("decide awards and objections")),
    Permission(id=CONTRACT, name=_("draft contracts")),
    Permission(id=LEGAL, name=_("review contracts for the law")),
    Permission(id=SIGN, name=_("sign contracts")),
    Permission(id=ACCEPT, name=_("accept deliveries")),
    Permission(id=FIGURES, name=_("enter figures of the procurement rules")),
    Permission(id=CONFIRM, name=_("confirm figures of the procurement rules")),
)

BUYER = "finance.buyer"
LEGAL_REVIEWER = "finance.legal"
ROLES = (
    Role(
        id=BUYER,
        name=pgettext_lazy("role", "procurement officer"),
        permissions=frozenset({VIEW, RUN, CONTRACT, FIGURES}),
        reach=Reach.TOWN,
    ),
    Role(
        id=LEGAL_REVIEWER,
        name=pgettext_lazy("role", "legal reviewer"),
        permissions=frozenset({VIEW, LEGAL}),
        reach=Reach.TOWN,
    ),
)

_OF_ROLES = {
    "finance_officer": frozenset({VIEW, APPROVE, AWARD, CONFIRM}),
    "finance.accountant": frozenset({VIEW}),
    "town_leader": frozenset({VIEW, APPROVE, EXCEPTION, AWARD, SIGN}),
    "unit_head": frozenset({VIEW, NEED, APPROVE, ACCEPT}),
    "unit_clerk": frozenset({VIEW, NEED, ACCEPT}),
}
GRANTS = tuple(
    RoleGrant(id=f"finance.procurement.{role}", role=role, permissions=permissions)
    for role, permissions in _OF_ROLES.items()
)
