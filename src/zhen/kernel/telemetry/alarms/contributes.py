"""What alarms declare: rights, what can happen, messages, and the jobs of the clock."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant
from zhen.kernel.cases.api import CaseSource
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Declaration
from zhen.kernel.notify.api import MessageTemplate
from zhen.kernel.telemetry.alarms.applying import FOLLOW
from zhen.kernel.telemetry.alarms.following import follow
from zhen.kernel.telemetry.alarms.screens import PAGES
from zhen.kernel.telemetry.alarms.sweeping import sweep_due
from zhen.kernel.telemetry.alarms.values import CLOSE, DUTY, HANDLE, SUPPRESS, VIEW

PERMISSIONS = (
    Permission(id=VIEW, name=_("see alarms")),
    Permission(id=HANDLE, name=_("acknowledge, assign and clear alarms")),
    Permission(id=CLOSE, name=_("close alarms with a cause")),
    Permission(id=SUPPRESS, name=_("suppress alarms for a time")),
    Permission(id=DUTY, name=_("make duty rosters and steps of escalation")),
)
WORK = frozenset({VIEW, HANDLE, CLOSE})
GRANTS = (
    RoleGrant(id="telemetry.alarms.dispatcher", role="dispatcher", permissions=WORK | {SUPPRESS, DUTY}),
    RoleGrant(id="telemetry.alarms.unit_head", role="unit_head", permissions=WORK | {SUPPRESS, DUTY}),
    RoleGrant(id="telemetry.alarms.unit_clerk", role="unit_clerk", permissions=WORK),
    *(
        RoleGrant(id=f"telemetry.alarms.{role}", role=role, permissions=frozenset({VIEW}))
        for role in ("town_leader", "neighbourhood_secretary", "grid_worker")
    ),
)

EVENTS = (
    EventKind(id="telemetry.alarm_opened", text=_("“{rule_name}” at {name} ({device})")),
    EventKind(id="telemetry.alarm_suppressed", text=_("“{rule_name}” at {name} ({device}), suppressed")),
    EventKind(id="telemetry.alarm_shown", text=_("“{rule}” at {device} goes on after its suppression")),
    EventKind(id="telemetry.alarm_grew", text=_("“{rule_name}” at {name} ({device}) has grown worse")),
    EventKind(id="telemetry.alarm_over", text=_("“{rule_name}” at {name} ({device}) is over")),
    EventKind(id="telemetry.alarm_told", text=_("told {told} people of “{rule}” at {device}: {step}")),
    EventKind(id="telemetry.alarm_acknowledged", text=_("acknowledged “{rule}” at {device}")),
    EventKind(id="telemetry.alarm_given", text=_("gave “{rule}” at {device} to {person}")),
    EventKind(id="telemetry.alarm_commented", text=_("commented on “{rule}” at {device}")),
    EventKind(id="telemetry.alarm_cleared", text=_("cleared “{rule}” at {device}")),
    EventKind(id="telemetry.alarm_closed", text=_("closed “{rule}” at {device}: {cause_name}")),
    EventKind(id="telemetry.case_opened", text=_("opened the case {number} for “{rule}”")),
    EventKind(id="telemetry.suppressed", text=_("suppressed alarms of {what} from {from} until {until}: {reason}")),
    EventKind(id="telemetry.suppression_ended", text=_("ended the suppression of alarms of {what}: {reason}")),
    EventKind(id="telemetry.shift_set", text=_("put {person} on duty from {from} until {until}")),
    EventKind(id="telemetry.shift_removed", text=_("took {person} off duty from {from} until {until}")),
    EventKind(id="telemetry.steps_set", text=_("set who is told of alarms of {unit}: {steps} steps")),
)

_FIELDS = ("rule", "device", "code", "severity", "at", "url")
MESSAGES = (
    MessageTemplate(
        id="telemetry.alarm",
        name=_("an alarm"),
        subject=_("{severity}: {rule}, {device}"),
        body=_("{at} “{rule}” at {device} ({code}). Please acknowledge: {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="telemetry.alarm_assigned",
        name=_("an alarm is yours"),
        subject=_("Yours: {rule}, {device}"),
        body=_("{at} “{rule}” at {device} ({code}) was given to you. {url}"),
        fields=_FIELDS,
    ),
)
JOBS = (
    Job(id="telemetry.sweep", name=_("Notice what is silent or lasts"), run=sweep_due, every="* * * * * */10"),
    Job(id=FOLLOW, name=_("Tell people of alarms, and open their cases"), run=follow, every="* * * * * 5/15"),
)
SOURCE = CaseSource(id="alarm", name=_("alarms of devices"))
ITEMS: tuple[Declaration, ...] = (SOURCE, *PERMISSIONS, *GRANTS, *EVENTS, *MESSAGES, *JOBS, *PAGES)
