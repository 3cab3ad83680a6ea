"""What somebody may do with alarms of building security, and who gets it."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant

VIEW = "security.case.view"
CREATE = "security.case.create"
HANDLE = "security.case.handle"
CALL_IN = "security.case.call_in"
CHECK = "security.case.check"
CLOSE = "security.case.close"
COVERAGE = "security.coverage.view"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read security alarms")),
    Permission(id=CREATE, name=_("report security alarms")),
    Permission(id=HANDLE, name=_("take up and assign security alarms")),
    Permission(id=CALL_IN, name=_("call in other units for security alarms")),
    Permission(id=CHECK, name=_("check security alarms on the spot")),
    Permission(id=CLOSE, name=_("close security alarms with a cause")),
    Permission(id=COVERAGE, name=_("see which buildings no security device watches")),
)
ALL = frozenset(permission.id for permission in PERMISSIONS)
_OF_ROLES = {
    "dispatcher": ALL,
    "unit_head": ALL,
    "unit_clerk": ALL - {CALL_IN},
    # the grid's people go and look wherever something happens in their area
    "grid_worker": frozenset({VIEW, CREATE, CHECK, COVERAGE}),
    "neighbourhood_secretary": frozenset({VIEW, CREATE, CHECK, COVERAGE}),
    "town_leader": frozenset({VIEW, COVERAGE}),
    "plan_officer": frozenset({COVERAGE}),
}
GRANTS = tuple(
    RoleGrant(id=f"security.{role}", role=role, permissions=permissions) for role, permissions in _OF_ROLES.items()
)
