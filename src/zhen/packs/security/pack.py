"""What building security brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.notify.api import MessageTemplate
from zhen.kernel.packs.api import Pack
from zhen.packs.security.case_type import SECURITY_ALARM
from zhen.packs.security.demo import build
from zhen.packs.security.indicators import INDICATORS
from zhen.packs.security.patrols import CHECKLISTS, FINDING, SOURCES
from zhen.packs.security.profiles import PROFILES
from zhen.packs.security.rights import GRANTS, PERMISSIONS
from zhen.packs.security.screens import PAGES

PACK = Pack(
    id="security",
    name=_("Building security"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    case_types=(SECURITY_ALARM, FINDING),
    checklists=CHECKLISTS,
    subject_sources=SOURCES,
    device_profiles=PROFILES,
    pages=PAGES,
    indicators=INDICATORS,
    demo=build,
    message_templates=(
        MessageTemplate(
            id="security.called_in",
            name=_("the grid is called in for a security alarm"),
            subject=_("Please go and look: {title}"),
            body=_("{number} {title}, {address}: {reason}. {url}"),
            fields=("number", "title", "address", "reason", "url"),
        ),
    ),
)
