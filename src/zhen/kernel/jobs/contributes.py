"""What the kernel module jobs declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.jobs.declarations import Job
from zhen.kernel.jobs.tidying import tidy
from zhen.kernel.lib.registry import Bundle

TIDY = Job(id="jobs.tidy", name=_("Forget old failed jobs"), run=tidy, every="40 3 * * *")

BUNDLE = Bundle(owner="jobs", items=(TIDY,))
