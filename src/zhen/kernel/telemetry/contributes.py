"""What the kernel module telemetry declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Bundle
from zhen.kernel.telemetry.alarms import contributes as alarms
from zhen.kernel.telemetry.devices.orders import give_up
from zhen.kernel.telemetry.screens import PAGES
from zhen.kernel.telemetry.standing.counting import count
from zhen.kernel.telemetry.storage.keeping import keep
from zhen.kernel.telemetry.storage.monthly import write_months
from zhen.kernel.telemetry.storage.summing import job as sum_up_all

PERMISSIONS = (
    Permission(id="telemetry.device.view", name=_("see devices and what they measure")),
    Permission(id="telemetry.device.manage", name=_("enter, change and retire devices")),
    Permission(id="telemetry.credential.manage", name=_("give and take what devices sign in with")),
    Permission(id="telemetry.device.order", name=_("tell devices to do something")),
    Permission(id="telemetry.rules.view", name=_("read the limits of alarm rules")),
    Permission(id="telemetry.rules.change", name=_("change the limits of alarm rules")),
)

SEE = frozenset({"telemetry.device.view", "telemetry.rules.view"})
RUN = SEE | {"telemetry.device.manage", "telemetry.credential.manage", "telemetry.device.order"}
GRANTS = (
    RoleGrant(id="telemetry.dispatcher", role="dispatcher", permissions=RUN | {"telemetry.rules.change"}),
    RoleGrant(id="telemetry.unit_head", role="unit_head", permissions=RUN),
    *(
        RoleGrant(id=f"telemetry.{role}", role=role, permissions=SEE)
        for role in ("town_leader", "unit_clerk", "neighbourhood_secretary", "grid_worker")
    ),
)

EVENTS = (
    EventKind(id="telemetry.device_registered", text=_("entered the device {code} ({name})")),
    EventKind(id="telemetry.devices_registered", text=_("entered {devices} devices")),
    EventKind(id="telemetry.device_edited", text=_("changed what is said of the device {code}")),
    EventKind(id="telemetry.device_retired", text=_("retired the device {code}: {reason}")),
    EventKind(id="telemetry.device_restored", text=_("put the device {code} into service again")),
    EventKind(id="telemetry.credential_issued", text=_("gave the device {code} a credential")),
    EventKind(id="telemetry.credential_revoked", text=_("took the credentials of the device {code}")),
    EventKind(id="telemetry.ordered", text=_("told the device {code}: {command}")),
    EventKind(id="telemetry.order_ended", text=_("the order {command} to the device {code} ended: {state} {said}")),
    EventKind(id="telemetry.claim_made", text=_("made a claim code for the device {code}")),
    EventKind(
        id="telemetry.table_brought",
        text=_("brought the table “{file_name}”: {devices} devices can be entered, {faults} rows cannot"),
    ),
    EventKind(id="telemetry.table_taken", text=_("entered {devices} devices of the table “{file_name}”")),
    EventKind(id="telemetry.table_left", text=_("left the table “{file_name}”")),
    EventKind(id="telemetry.plan_added", text=_("added the floor plan “{name}” of {place}")),
    EventKind(id="telemetry.plan_changed", text=_("changed the floor plan “{name}” of {place}")),
    EventKind(id="telemetry.plan_removed", text=_("removed the floor plan “{name}” of {place}")),
    EventKind(id="telemetry.pins_set", text=_("placed {devices} devices on the floor plan “{name}” of {place}")),
    EventKind(id="telemetry.parameter_set", text=_("set {parameter} of {profile}, {rule}, to {value}: {source}")),
)

JOBS = (
    Job(id="telemetry.count", name=_("Count how devices stand"), run=count, every="* * * * *"),
    Job(id="telemetry.sum_up", name=_("Sum up readings per minute and hour"), run=sum_up_all, every="* * * * *"),
    Job(id="telemetry.write_months", name=_("Write months of readings as files"), run=write_months, every="10 2 * * *"),
    Job(id="telemetry.give_up", name=_("Give up orders that no device answers"), run=give_up, every="* * * * *"),
    Job(id="telemetry.keep", name=_("Forget readings that had their time"), run=keep, every="40 2 * * *"),
)

BUNDLE = Bundle(owner="telemetry", items=(*PERMISSIONS, *GRANTS, *EVENTS, *JOBS, *PAGES, *alarms.ITEMS))
