"""What the kernel module journal declares."""

from zhen.kernel.lib.registry import Bundle

BUNDLE = Bundle(owner="journal", items=())
