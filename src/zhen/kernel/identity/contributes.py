"""What the kernel module identity declares."""

from zhen.kernel.lib.registry import Bundle

BUNDLE = Bundle(owner="identity", items=())
