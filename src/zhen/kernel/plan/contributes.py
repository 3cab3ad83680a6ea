"""What the kernel module plan declares."""

from zhen.kernel.lib.registry import Bundle

BUNDLE = Bundle(owner="plan", items=())
