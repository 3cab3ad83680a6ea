"""The pages of identity, as declarations."""

from zhen.kernel.identity.pages.oversight import OVERSIGHT
from zhen.kernel.identity.pages.people import PEOPLE
from zhen.kernel.identity.pages.posts import POSTS
from zhen.kernel.identity.pages.units import UNITS

PAGES = (*PEOPLE, *UNITS, *POSTS, *OVERSIGHT)

__all__ = ["PAGES"]
