"""What the kernel module journal declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.actions import READ, RESTARTED
from zhen.kernel.journal.consuming import MACHINE
from zhen.kernel.journal.declarations import Consumer, EventKind
from zhen.kernel.journal.live import publish
from zhen.kernel.journal.sealing import seal_all
from zhen.kernel.lib.registry import Bundle

READ_KIND = EventKind(id=READ, text=_("read personal data for “{purpose}”"))
LIVE = Consumer(id="journal.live", name=_("Live screens"), handle=publish, from_now=True)

SEAL = Job(id="journal.seal", name=_("Seal the journal"), run=seal_all, every="* * * * *")

RESTARTED_KIND = EventKind(id=RESTARTED, text=_("let the consumer {consumer} of the journal go on"))

BUNDLE = Bundle(owner="journal", items=(READ_KIND, RESTARTED_KIND, LIVE, SEAL, MACHINE))
