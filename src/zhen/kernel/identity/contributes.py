"""What the kernel module identity declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Duty, Permission, RoleGrant
from zhen.kernel.identity.events import EVENT_KINDS
from zhen.kernel.identity.pages import PAGES
from zhen.kernel.lib.registry import Bundle

PERMISSIONS = (
    Permission(id="identity.directory.read", name=_("read the staff directory"), duty=None),
    Permission(
        id="identity.user.manage",
        name=_("create, change and deactivate accounts"),
        duty=Duty.SYSTEM,
        elevated=True,
    ),
    Permission(id="identity.unit.manage", name=_("create, move and close units"), duty=Duty.SYSTEM),
    Permission(id="identity.post.manage", name=_("give and end posts"), duty=Duty.SECURITY, elevated=True),
    Permission(id="identity.factor.reset", name=_("reset lost second factors"), duty=Duty.SECURITY, elevated=True),
    Permission(id="identity.session.manage", name=_("end sessions and elevations of others"), duty=Duty.SECURITY),
    Permission(id="identity.token.manage", name=_("see and revoke the tokens of others"), duty=Duty.SECURITY),
    Permission(
        id="identity.token.issue", name=_("issue tokens to machine accounts"), duty=Duty.SECURITY, elevated=True
    ),
)

READERS = (
    "system_administrator",
    "security_administrator",
    "auditor",
    "town_leader",
    "plan_officer",
    "finance_officer",
    "dispatcher",
    "unit_head",
    "unit_clerk",
    "counter_clerk",
    "neighbourhood_secretary",
    "social_worker",
    "grid_worker",
)

ROLE_GRANTS = (
    *(
        RoleGrant(id=f"identity.readers.{role}", role=role, permissions=frozenset({"identity.directory.read"}))
        for role in READERS
    ),
    RoleGrant(
        id="identity.system_administrator",
        role="system_administrator",
        permissions=frozenset({"identity.user.manage", "identity.unit.manage"}),
    ),
    RoleGrant(
        id="identity.security_administrator",
        role="security_administrator",
        permissions=frozenset(
            {
                "identity.post.manage",
                "identity.factor.reset",
                "identity.session.manage",
                "identity.token.manage",
                "identity.token.issue",
            }
        ),
    ),
)

BUNDLE = Bundle(owner="identity", items=(*PERMISSIONS, *ROLE_GRANTS, *EVENT_KINDS, *PAGES))
