"""What the kernel module oversight declares."""

from zhen.kernel.lib.registry import Bundle
from zhen.kernel.oversight.pages import PAGES
from zhen.kernel.oversight.rights import GRANTS, PERMISSIONS

BUNDLE = Bundle(owner="oversight", items=(*PERMISSIONS, *GRANTS, *PAGES))
