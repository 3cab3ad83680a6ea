"""What no device watches: the list behind the plan's promise of full coverage."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.telemetry.api import unwatched_page
from zhen.packs.fire import rights
from zhen.packs.fire.profiles import CODES

PAGES = (
    unwatched_page(
        "fire.unwatched",
        title=_("Buildings without fire devices"),
        menu=_("Not covered by the fire cloud"),
        intro=_("Buildings and parks in which no device of fire safety works today."),
        order=72,
        permission=rights.FILE_VIEW,
        profiles=CODES,
    ),
)
