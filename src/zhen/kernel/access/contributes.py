"""Permissions and roles of the kernel itself: the three administrators, and the town's basic roles.

Packs add permissions to these roles only by declaring roles of their own: a person holds as many
posts as he has tasks.
"""

from zhen.kernel.lib.registry import Bundle

BUNDLE = Bundle(owner="access", items=())
