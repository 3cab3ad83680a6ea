"""What the kernel module notify declares."""

from zhen.kernel.lib.registry import Bundle

BUNDLE = Bundle(owner="notify", items=())
