"""What the kernel module places declares."""

from zhen.kernel.lib.registry import Bundle

BUNDLE = Bundle(owner="places", items=())
