"""What other modules may import of identity."""

from zhen.kernel.identity.models import Post, Unit, User
from zhen.kernel.identity.queries import actor_for, posts_on, units_below

__all__ = ["Post", "Unit", "User", "actor_for", "posts_on", "units_below"]
