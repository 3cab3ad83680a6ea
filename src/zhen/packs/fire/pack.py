"""What fire safety brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.packs.api import Pack
from zhen.packs.fire.case_types import FIRE_ALARM, FIRE_HAZARD
from zhen.packs.fire.profiles import PROFILES
from zhen.packs.fire.rights import GRANTS, PERMISSIONS, ROLES

PACK = Pack(
    id="fire",
    name=_("Fire safety"),
    permissions=PERMISSIONS,
    roles=ROLES,
    role_grants=GRANTS,
    case_types=(FIRE_ALARM, FIRE_HAZARD),
    device_profiles=PROFILES,
)
