"""What somebody may do with the project library, and who gets it. Asking and admitting are two people's."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant

PROPOSE = "finance.project.propose"
ADMIT = "finance.project.admit"

PERMISSIONS = (
    Permission(id=PROPOSE, name=_("propose projects for the library")),
    Permission(id=ADMIT, name=_("admit projects to the library")),
)

_OF_ROLES = {
    "unit_clerk": frozenset({PROPOSE}),
    "unit_head": frozenset({PROPOSE}),
    "finance_officer": frozenset({ADMIT}),
}
GRANTS = tuple(
    RoleGrant(id=f"finance.projects.{role}", role=role, permissions=permissions)
    for role, permissions in _OF_ROLES.items()
)
