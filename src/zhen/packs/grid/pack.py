"""What the grid brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal.api import EventKind
from zhen.kernel.packs.api import Pack
from zhen.packs.grid import demo
from zhen.packs.grid.case_type import GRID_CASE
from zhen.packs.grid.catalogue import lay_classes
from zhen.packs.grid.rights import GRANTS, PERMISSIONS

EVENTS = (
    EventKind(id="grid.classes_laid", text=_("laid down {number} classes of grid cases")),
    EventKind(id="grid.routes_laid", text=_("laid down {number} routes for grid cases")),
)


def prepare() -> None:
    lay_classes(Actor.system("zhen prepare"))


PACK = Pack(
    id="grid",
    name=_("Urban operations grid"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    case_types=(GRID_CASE,),
    prepare=prepare,
    demo=demo.build,
)
