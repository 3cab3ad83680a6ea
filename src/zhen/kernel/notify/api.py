"""What other modules may import of notify."""

from zhen.kernel.notify.declarations import (
    CHANNELS,
    MESSAGE_TEMPLATES,
    REMINDER_SOURCES,
    Channel,
    Due,
    Letter,
    MessageTemplate,
    NotSent,
    ReminderSource,
)
from zhen.kernel.notify.models import Message
from zhen.kernel.notify.queries import inbox, unread_count
from zhen.kernel.notify.sending import tell

__all__ = [
    "CHANNELS",
    "MESSAGE_TEMPLATES",
    "REMINDER_SOURCES",
    "Channel",
    "Due",
    "Letter",
    "Message",
    "MessageTemplate",
    "NotSent",
    "ReminderSource",
    "inbox",
    "tell",
    "unread_count",
]
