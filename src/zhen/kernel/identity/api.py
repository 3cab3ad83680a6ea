"""What other modules may import of identity."""

from zhen.kernel.identity.models import Placement, Post, Unit, User
from zhen.kernel.identity.queries import actor_for, is_administrator, open_units, posts_on, units_below
from zhen.kernel.identity.sessions import has_second_factor, touch

__all__ = [
    "Placement",
    "Post",
    "Unit",
    "User",
    "actor_for",
    "has_second_factor",
    "is_administrator",
    "open_units",
    "posts_on",
    "touch",
    "units_below",
]
