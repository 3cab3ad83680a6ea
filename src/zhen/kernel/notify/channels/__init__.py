"""The channels that the kernel brings. The inbox is no channel: it shows the messages themselves."""

from zhen.kernel.notify.channels.email import EMAIL
from zhen.kernel.notify.channels.sms import SMS

CHANNELS = (EMAIL, SMS)

__all__ = ["CHANNELS"]
