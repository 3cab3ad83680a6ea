"""What somebody may do in fire safety, and who gets it."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, Reach, Role, RoleGrant

VIEW = "fire.case.view"
CREATE = "fire.case.create"
HANDLE = "fire.case.handle"
CHECK = "fire.case.check"
CLOSE = "fire.case.close"
FILE_VIEW = "fire.file.view"
FILE_EDIT = "fire.file.edit"
FILE_KEEP = "fire.file.keep"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read fire alarms and hazards as cases")),
    Permission(id=CREATE, name=_("report fire alarms and hazards")),
    Permission(id=HANDLE, name=_("take up fire alarms and hazards, and assign them")),
    Permission(id=CHECK, name=_("check fire alarms on the spot, and rectify hazards")),
    Permission(id=CLOSE, name=_("close fire alarms and hazards with a cause")),
    Permission(id=FILE_VIEW, name=_("read the fire files of buildings")),
    Permission(id=FILE_EDIT, name=_("open and change the fire files of buildings")),
    Permission(id=FILE_KEEP, name=_("record drills, checks and maintenance of buildings")),
)

# What a role of this pack needs of the kernel.
DEVICES = frozenset({"telemetry.device.view", "telemetry.rules.view", "telemetry.alarm.view"})
DESK = DEVICES | {"telemetry.alarm.handle", "telemetry.alarm.close"}
KEEPING = frozenset({VIEW, CREATE, FILE_VIEW, FILE_KEEP})

ROLES = (
    Role(
        id="fire.duty_officer",
        name=_("fire duty officer"),
        permissions=DESK | {VIEW, CREATE, HANDLE, CHECK, CLOSE, FILE_VIEW},
        reach=Reach.UNIT,
    ),
    Role(
        id="fire.keeper",
        name=_("fire keeper of a building"),
        permissions=DEVICES | {"telemetry.alarm.handle"} | KEEPING | {CHECK},
        reach=Reach.AREA,
    ),
    Role(
        id="fire.supervisor",
        name=_("fire supervisor of the town"),
        permissions=DESK
        | {permission.id for permission in PERMISSIONS}
        | {"telemetry.alarm.suppress", "telemetry.duty.manage", "telemetry.device.manage"},
        reach=Reach.TOWN,
    ),
)

ALL = frozenset(permission.id for permission in PERMISSIONS)
_OF_ROLES = {
    "dispatcher": ALL,
    "unit_head": ALL,
    "unit_clerk": ALL - {FILE_EDIT},
    "grid_worker": KEEPING | {CHECK},
    "neighbourhood_secretary": KEEPING | {CHECK},
    "town_leader": frozenset({VIEW, FILE_VIEW}),
    "plan_officer": frozenset({FILE_VIEW}),
}
GRANTS = tuple(
    RoleGrant(id=f"fire.{role}", role=role, permissions=permissions) for role, permissions in _OF_ROLES.items()
)
