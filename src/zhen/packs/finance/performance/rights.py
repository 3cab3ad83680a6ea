"""What somebody may do with objectives, and who gets it. Assessing and reviewing are two people's."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant

VIEW = "finance.objective.view"
SET = "finance.objective.set"
APPROVE = "finance.objective.approve"
REVIEW = "finance.objective.review"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read objectives of budget lines")),
    Permission(id=SET, name=_("set, watch and assess objectives of budget lines")),
    Permission(id=APPROVE, name=_("approve objectives of budget lines")),
    Permission(id=REVIEW, name=_("review objectives of budget lines")),
)

_OF_ROLES = {
    "finance.accountant": frozenset({VIEW}),
    "finance_officer": frozenset({VIEW, APPROVE, REVIEW}),
    "town_leader": frozenset({VIEW, APPROVE, REVIEW}),
    "unit_head": frozenset({VIEW, SET}),
    "unit_clerk": frozenset({VIEW, SET}),
}
GRANTS = tuple(
    RoleGrant(id=f"finance.performance.{role}", role=role, permissions=permissions)
    for role, permissions in _OF_ROLES.items()
)
