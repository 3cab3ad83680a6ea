"""What somebody may do in renewal, and who gets it."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant

VIEW = "renewal.project.view"
EDIT = "renewal.project.edit"
CONSENT = "renewal.consent.record"
WORK = "renewal.work.record"
ACCEPT = "renewal.project.accept"
PUBLISH = "renewal.project.publish"
DOOR_VIEW = "renewal.door.view"
DOOR_ENTER = "renewal.door.enter"
DOOR_CONFIRM = "renewal.door.confirm"
RULES = "renewal.rules.change"
CASE_VIEW = "renewal.case.view"
CASE_CREATE = "renewal.case.create"
CASE_HANDLE = "renewal.case.handle"
CASE_CLOSE = "renewal.case.close"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read renewal projects")),
    Permission(id=EDIT, name=_("enter renewal projects, and change them")),
    Permission(id=CONSENT, name=_("record consultations and publicity, and clear a project for works")),
    Permission(id=WORK, name=_("record milestones, delays, quantities and photos of works")),
    Permission(id=ACCEPT, name=_("accept works")),
    Permission(id=PUBLISH, name=_("publish renewal projects and their photos")),
    Permission(id=DOOR_VIEW, name=_("read what is recorded of single doors"), sensitive=True),
    Permission(id=DOOR_ENTER, name=_("enter that a door was consulted, has signed, has moved")),
    Permission(id=DOOR_CONFIRM, name=_("confirm what somebody else entered of a door")),
    Permission(id=RULES, name=_("change the rules of consent, warranties and reasons of delay")),
    Permission(id=CASE_VIEW, name=_("read objections and defects")),
    Permission(id=CASE_CREATE, name=_("report objections and defects")),
    Permission(id=CASE_HANDLE, name=_("handle objections and defects")),
    Permission(id=CASE_CLOSE, name=_("close objections and defects")),
)

ALL = frozenset(permission.id for permission in PERMISSIONS)
SEE = frozenset({VIEW, CASE_VIEW})
DOORS = frozenset({DOOR_VIEW, DOOR_ENTER})
_OF_ROLES = {
    "unit_head": ALL,
    "unit_clerk": SEE | DOORS | {EDIT, CONSENT, WORK, CASE_CREATE, CASE_HANDLE},
    "plan_officer": SEE | {RULES},
    "town_leader": SEE,
    "dispatcher": SEE | {CASE_CREATE},
    "neighbourhood_secretary": SEE | {CASE_CREATE},
    "social_worker": frozenset({VIEW}),
    "grid_worker": frozenset({VIEW}),
    "finance_officer": frozenset({VIEW}),
}
GRANTS = tuple(
    RoleGrant(id=f"renewal.{role}", role=role, permissions=permissions) for role, permissions in _OF_ROLES.items()
)
