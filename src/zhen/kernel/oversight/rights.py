"""Who oversees what: auditors read, system administrators keep the machine going."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Duty, Permission, RoleGrant

READ_JOURNAL = "oversight.journal.read"
READ_SEALS = "oversight.seal.read"
READ_WORK = "oversight.work.read"
RESTART = "oversight.consumer.restart"

PERMISSIONS = (
    Permission(id=READ_JOURNAL, name=_("read the journal"), duty=Duty.AUDIT),
    Permission(id=READ_SEALS, name=_("see the seals of the journal"), duty=Duty.AUDIT),
    Permission(id=READ_WORK, name=_("see jobs and consumers"), duty=Duty.SYSTEM),
    Permission(id=RESTART, name=_("let a stopped consumer go on"), duty=Duty.SYSTEM),
)

GRANTS = (
    RoleGrant(id="oversight.auditor", role="auditor", permissions=frozenset({READ_JOURNAL, READ_SEALS})),
    RoleGrant(
        id="oversight.system_administrator",
        role="system_administrator",
        permissions=frozenset({READ_WORK, RESTART}),
    ),
)
