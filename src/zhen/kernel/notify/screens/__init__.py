"""The pages of notify, by what they are about."""

from zhen.kernel.notify.screens.inbox import INBOX
from zhen.kernel.notify.screens.outside import OUTSIDE
from zhen.kernel.notify.screens.reminders import REMINDERS
from zhen.kernel.notify.screens.texts import TEMPLATES

PAGES = (*INBOX, *TEMPLATES, *REMINDERS, *OUTSIDE)
