"""What somebody may do in supervision, and who gets it."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant

VIEW = "supervision.task.view"
SET = "supervision.task.set"
REPORT = "supervision.task.report"
APPROVE = "supervision.report.approve"
SIGN_OFF = "supervision.task.sign_off"
REMIND = "supervision.task.remind"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read supervised tasks")),
    Permission(id=SET, name=_("make tasks of measures, and divide them")),
    Permission(id=REPORT, name=_("acknowledge tasks, report on them and hand them in")),
    Permission(id=APPROVE, name=_("approve or refuse reports")),
    Permission(id=SIGN_OFF, name=_("sign tasks off, or send them back")),
    Permission(id=REMIND, name=_("remind units of their tasks")),
)

_OF_ROLES = {
    "plan_officer": frozenset({VIEW, SET, APPROVE, SIGN_OFF, REMIND}),
    "town_leader": frozenset({VIEW, SIGN_OFF, REMIND}),
    "unit_head": frozenset({VIEW, REPORT, APPROVE}),
    "unit_clerk": frozenset({VIEW, REPORT}),
}
GRANTS = tuple(
    RoleGrant(id=f"supervision.{role}", role=role, permissions=permissions) for role, permissions in _OF_ROLES.items()
)
