"""The town's basic roles, and the three administrators that no person combines.

Roles stand here without permissions: each module and each pack adds what it declares itself with a
`RoleGrant`, and takes it along when it is deleted.
"""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.declarations import Duty, Reach, Role
from zhen.kernel.lib.registry import Bundle

NOTHING: frozenset[str] = frozenset()

ADMINISTRATORS = (
    Role(
        id="system_administrator",
        name=_("system administrator"),
        permissions=NOTHING,
        reach=Reach.TOWN,
        duty=Duty.SYSTEM,
    ),
    Role(
        id="security_administrator",
        name=_("security administrator"),
        permissions=NOTHING,
        reach=Reach.TOWN,
        duty=Duty.SECURITY,
    ),
    Role(id="auditor", name=_("auditor"), permissions=NOTHING, reach=Reach.TOWN, duty=Duty.AUDIT),
)

BUSINESS = (
    Role(id="town_leader", name=_("town leader"), permissions=NOTHING, reach=Reach.TOWN),
    Role(id="plan_officer", name=_("plan officer"), permissions=NOTHING, reach=Reach.TOWN),
    Role(id="finance_officer", name=_("finance officer"), permissions=NOTHING, reach=Reach.TOWN),
    Role(id="dispatcher", name=_("dispatcher"), permissions=NOTHING, reach=Reach.TOWN),
    Role(id="unit_head", name=_("head of a unit"), permissions=NOTHING, reach=Reach.UNIT),
    Role(id="unit_clerk", name=_("clerk of a unit"), permissions=NOTHING, reach=Reach.UNIT),
    Role(id="counter_clerk", name=_("counter clerk"), permissions=NOTHING, reach=Reach.UNIT),
    Role(id="neighbourhood_secretary", name=_("neighbourhood secretary"), permissions=NOTHING, reach=Reach.AREA),
    Role(id="social_worker", name=_("social worker"), permissions=NOTHING, reach=Reach.AREA),
    Role(id="grid_worker", name=_("grid worker"), permissions=NOTHING, reach=Reach.AREA),
)

BUNDLE = Bundle(owner="access", items=(*ADMINISTRATORS, *BUSINESS))
