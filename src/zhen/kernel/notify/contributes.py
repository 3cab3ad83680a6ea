"""What the kernel module notify declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Duty, Permission, RoleGrant
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import Consumer, EventKind
from zhen.kernel.lib.registry import Bundle
from zhen.kernel.notify.channels import CHANNELS
from zhen.kernel.notify.reminding import remind
from zhen.kernel.notify.screens import PAGES
from zhen.kernel.notify.sending import deliver
from zhen.kernel.notify.webhooks import call_webhook, queue_calls

PERMISSIONS = (
    Permission(id="notify.template.manage", name=_("write the texts of messages"), duty=Duty.SYSTEM),
    Permission(id="notify.reminder.manage", name=_("set the reminder rules"), duty=Duty.SYSTEM),
    Permission(id="notify.webhook.read", name=_("see channels and webhooks"), duty=Duty.SYSTEM),
    Permission(id="notify.webhook.manage", name=_("set up webhooks"), duty=Duty.SYSTEM, elevated=True),
)

ROLE_GRANTS = (
    RoleGrant(
        id="notify.system_administrator",
        role="system_administrator",
        permissions=frozenset(permission.id for permission in PERMISSIONS),
    ),
)

EVENT_KINDS = (
    EventKind(id="notify.text_written", text=_("wrote version {version} of “{template}” ({language})")),
    EventKind(id="notify.rule_saved", text=_("set the reminder of {source}: {offset} days, to “{role}”")),
    EventKind(id="notify.webhook_added", text=_("set up the webhook {name}")),
    EventKind(id="notify.webhook_edited", text=_("changed the webhook {name}")),
    EventKind(id="notify.webhook_secret_renewed", text=_("renewed the secret of the webhook {name}")),
    EventKind(id="notify.webhook_tested", text=_("sent a test to the webhook {name}")),
)

CONSUMERS = (Consumer(id="notify.webhooks", name=_("Events for webhooks"), handle=queue_calls, from_now=True),)

JOBS = (
    Job(id="notify.deliver", name=_("Deliver a message"), run=deliver),
    Job(id="notify.call_webhook", name=_("Call a webhook"), run=call_webhook),
    Job(id="notify.remind", name=_("Send reminders"), run=remind, every="5 8 * * *"),
)

BUNDLE = Bundle(
    owner="notify",
    items=(*PERMISSIONS, *ROLE_GRANTS, *EVENT_KINDS, *CONSUMERS, *JOBS, *CHANNELS, *PAGES),
)
