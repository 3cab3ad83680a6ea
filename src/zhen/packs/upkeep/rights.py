"""What somebody may do in upkeep, and who gets it."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant

VIEW = "upkeep.case.view"
CREATE = "upkeep.case.create"
HANDLE = "upkeep.case.handle"
CHECK = "upkeep.case.check"
CLOSE = "upkeep.case.close"
REGISTER_VIEW = "upkeep.register.view"
REGISTER_EDIT = "upkeep.register.edit"
FLOOD = "upkeep.flood.command"
HOUSEHOLDS = "upkeep.households.plan"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read findings and unauthorised structures as cases")),
    Permission(id=CREATE, name=_("report findings and unauthorised structures")),
    Permission(id=HANDLE, name=_("take up findings and unauthorised structures")),
    Permission(id=CHECK, name=_("verify on the spot that a structure is removed")),
    Permission(id=CLOSE, name=_("close findings and structures without removal")),
    Permission(id=REGISTER_VIEW, name=_("read the registers of upkeep")),
    Permission(id=REGISTER_EDIT, name=_("change the registers of upkeep")),
    Permission(id=HOUSEHOLDS, name=_("plan visits to households, which are chosen by age and told by address")),
    Permission(id=FLOOD, name=_("declare, raise and lift warnings of typhoon and flood")),
)

ALL = frozenset(permission.id for permission in PERMISSIONS)
SEE = frozenset({VIEW, REGISTER_VIEW})
_OF_ROLES = {
    "dispatcher": ALL,
    "unit_head": ALL,
    "unit_clerk": ALL - {CLOSE, FLOOD, HOUSEHOLDS},
    "grid_worker": SEE | {CREATE, CHECK},
    "neighbourhood_secretary": SEE | {CREATE, CHECK},
    "social_worker": frozenset({REGISTER_VIEW}),
    "town_leader": SEE,
    "plan_officer": SEE,
}
GRANTS = tuple(
    RoleGrant(id=f"upkeep.{role}", role=role, permissions=permissions) for role, permissions in _OF_ROLES.items()
)
