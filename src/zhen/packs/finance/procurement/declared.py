"""What procurement adds to the pack of public money."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.ledger.api import Paper
from zhen.kernel.packs.api import Pack
from zhen.packs.finance.papers import at
from zhen.packs.finance.procurement.demo import build
from zhen.packs.finance.procurement.events import EVENTS
from zhen.packs.finance.procurement.objections import OBJECTION
from zhen.packs.finance.procurement.rights import GRANTS, PERMISSIONS, ROLES
from zhen.packs.finance.procurement.screens import PAGES
from zhen.packs.finance.procurement.shipped import bring

PART = Pack(
    id="finance",
    name=_("Procurement"),
    permissions=PERMISSIONS,
    roles=ROLES,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    case_types=(OBJECTION,),
    papers=(Paper(id="finance.contract", name=_("contract"), address=at("procurements")),),
    pages=PAGES,
    prepare=bring,
    demo=build,
)
