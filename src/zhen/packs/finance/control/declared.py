"""What internal control brings to the pack of public money."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import CaseSource
from zhen.kernel.packs.api import Pack
from zhen.packs.finance.control.case_types import CASE_TYPES
from zhen.packs.finance.control.demo import build
from zhen.packs.finance.control.events import EVENTS, MESSAGES
from zhen.packs.finance.control.rights import GRANTS, PERMISSIONS, ROLES
from zhen.packs.finance.control.screens import PAGES
from zhen.packs.finance.control.watching import CONSUMER
from zhen.packs.finance.duties import SEPARATIONS

PART = Pack(
    id="finance",
    name=_("Internal control"),
    permissions=PERMISSIONS,
    roles=ROLES,
    role_grants=GRANTS,
    separations=SEPARATIONS,
    event_kinds=EVENTS,
    consumers=(CONSUMER,),
    case_types=CASE_TYPES,
    case_sources=(
        CaseSource(id="finance.risk", name=_("a risk rule of public money")),
        CaseSource(id="finance.audit", name=_("an audit")),
    ),
    message_templates=MESSAGES,
    pages=PAGES,
    demo=build,
)
