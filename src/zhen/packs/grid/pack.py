"""What the grid brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.packs.api import Pack
from zhen.packs.grid.case_type import GRID_CASE
from zhen.packs.grid.rights import GRANTS, PERMISSIONS

PACK = Pack(
    id="grid",
    name=_("Urban operations grid"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    case_types=(GRID_CASE,),
)
