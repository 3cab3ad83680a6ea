"""What the kernel module telemetry declares."""

from zhen.kernel.lib.registry import Bundle

BUNDLE = Bundle(owner="telemetry", items=())
