"""What performance brings to the pack of public money."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import CaseSource
from zhen.kernel.packs.api import Pack
from zhen.packs.finance.performance import shipped
from zhen.packs.finance.performance.case_types import RECTIFICATION
from zhen.packs.finance.performance.events import EVENTS
from zhen.packs.finance.performance.rights import GRANTS, PERMISSIONS
from zhen.packs.finance.performance.screens import PAGES

PART = Pack(
    id="finance",
    name=_("Performance"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    case_types=(RECTIFICATION,),
    case_sources=(CaseSource(id="finance.performance", name=_("the performance of a budget line")),),
    pages=PAGES,
    prepare=shipped.lay,
)
