"""What the kernel module packs declares."""

from zhen.kernel.lib.registry import Bundle

BUNDLE = Bundle(owner="packs", items=())
