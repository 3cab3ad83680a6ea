"""What somebody may do with rounds, and who gets it."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant

VIEW = "rounds.view"
PLAN = "rounds.plan"
VISIT = "rounds.visit"
CHECKLIST = "rounds.checklist"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read campaigns, visits and findings")),
    Permission(id=PLAN, name=_("plan campaigns, draw, and assign visits")),
    Permission(id=VISIT, name=_("go on visits and record them")),
    Permission(id=CHECKLIST, name=_("write checklists and bring them into use")),
)

_OF_ROLES = {
    "dispatcher": frozenset({VIEW, PLAN, VISIT, CHECKLIST}),
    "unit_head": frozenset({VIEW, PLAN, VISIT, CHECKLIST}),
    "unit_clerk": frozenset({VIEW, VISIT}),
    "grid_worker": frozenset({VIEW, VISIT}),
    "social_worker": frozenset({VIEW, VISIT}),
    "neighbourhood_secretary": frozenset({VIEW, VISIT}),
    "town_leader": frozenset({VIEW}),
    "plan_officer": frozenset({VIEW}),
}
GRANTS = tuple(
    RoleGrant(id=f"rounds.{role}", role=role, permissions=permissions) for role, permissions in _OF_ROLES.items()
)
