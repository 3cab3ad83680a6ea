"""What the kernel module parties declares."""

from zhen.kernel.lib.registry import Bundle

BUNDLE = Bundle(owner="parties", items=())
