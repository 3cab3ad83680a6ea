"""The settings of the tests: the town's own, and the dummy pack."""

from zhen.project.settings import *  # noqa: F403
from zhen.project.settings import INSTALLED_APPS as TOWN_APPS
from zhen.project.settings import ZHEN_PACKS as TOWN_PACKS

DUMMY = "tests.dummy_pack"
ZHEN_PACKS = (*TOWN_PACKS, DUMMY)
INSTALLED_APPS = [*TOWN_APPS, DUMMY]
