"""What no device watches: the list behind the plan's promise of full coverage."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.api import unwatched_page
from zhen.packs.security import rights
from zhen.packs.security.profiles import CODES

PAGES = (
    unwatched_page(
        "security.unwatched",
        title=_("Buildings without security devices"),
        menu=_("Not covered by building security"),
        intro=_("Buildings and parks in which no device of building security works today."),
        order=75,
        permission=rights.COVERAGE,
        profiles=CODES,
    ),
)
