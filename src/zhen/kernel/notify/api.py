"""What other modules may import of notify."""

from zhen.kernel.notify.declarations import MESSAGE_TEMPLATES, MessageTemplate

__all__ = ["MESSAGE_TEMPLATES", "MessageTemplate"]
