"""The desk's pages of devices and of what was refused."""

from zhen.kernel.telemetry.screens.devices import PAGES as DEVICE_PAGES
from zhen.kernel.telemetry.screens.files import PAGES as FILE_PAGES
from zhen.kernel.telemetry.screens.plans import PAGES as PLAN_PAGES
from zhen.kernel.telemetry.screens.rejected import PAGES as REJECTED_PAGES
from zhen.kernel.telemetry.screens.standing import PAGES as STANDING_PAGES

PAGES = (*DEVICE_PAGES, *FILE_PAGES, *REJECTED_PAGES, *STANDING_PAGES, *PLAN_PAGES)
