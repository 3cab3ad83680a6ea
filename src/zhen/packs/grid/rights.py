"""What somebody may do in the grid, and who gets it."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant

VIEW = "grid.case.view"
CREATE = "grid.case.create"
EDIT = "grid.case.edit"
COMMENT = "grid.case.comment"
ASSIGN = "grid.case.assign"
DISPATCH = "grid.case.dispatch"
HANDLE = "grid.case.handle"
VERIFY = "grid.case.verify"
CLOSE = "grid.case.close"
PAUSE = "grid.case.pause"
EXTEND = "grid.case.extend"
LINK = "grid.case.link"
CALL_BACK = "grid.case.call_back"
REPORTER = "grid.reporter.view"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read grid cases")),
    Permission(id=CREATE, name=_("report grid cases on behalf of somebody")),
    Permission(id=EDIT, name=_("edit grid cases")),
    Permission(id=COMMENT, name=_("comment on grid cases, and note contacts")),
    Permission(id=ASSIGN, name=_("assign grid cases")),
    Permission(id=DISPATCH, name=_("register, dispatch, defer and void grid cases")),
    Permission(id=HANDLE, name=_("handle grid cases, or return them")),
    Permission(id=VERIFY, name=_("verify grid cases on the spot")),
    Permission(id=CLOSE, name=_("close grid cases")),
    Permission(id=PAUSE, name=_("pause the clocks of grid cases")),
    Permission(id=EXTEND, name=_("extend the deadlines of grid cases")),
    Permission(id=LINK, name=_("merge, link and divide grid cases")),
    Permission(id=CALL_BACK, name=_("call reporters back, and note how satisfied they are")),
    Permission(id=REPORTER, name=_("read who reported a grid case"), sensitive=True),
)

WORK = frozenset({VIEW, COMMENT, HANDLE, PAUSE, REPORTER})
_OF_ROLES = {
    "dispatcher": frozenset(permission.id for permission in PERMISSIONS) - {HANDLE, VERIFY},
    "unit_head": WORK | {ASSIGN, EDIT, EXTEND, LINK},
    "unit_clerk": WORK,
    "grid_worker": frozenset({VIEW, CREATE, COMMENT, VERIFY}),
    "neighbourhood_secretary": frozenset({VIEW, CREATE, COMMENT, VERIFY}),
    "social_worker": frozenset({VIEW, CREATE, COMMENT}),
    "counter_clerk": frozenset({CREATE}),
    "town_leader": frozenset({VIEW, COMMENT}),
    "plan_officer": frozenset({VIEW}),
}
GRANTS = tuple(
    RoleGrant(id=f"grid.{role}", role=role, permissions=permissions) for role, permissions in _OF_ROLES.items()
)
