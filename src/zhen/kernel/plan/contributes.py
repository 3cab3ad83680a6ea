"""What the kernel module plan declares: permissions and who gets them, events, lists, messages, jobs."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Bundle
from zhen.kernel.notify.api import MessageTemplate
from zhen.kernel.plan.jobs import measure_all
from zhen.kernel.plan.screens import PAGES, SEARCH

PERMISSIONS = (
    Permission(id="plan.view", name=_("read plans, measures and targets")),
    Permission(id="plan.evidence.view", name=_("open the records that a figure counted")),
    Permission(id="plan.document.import", name=_("import and publish plans")),
    Permission(id="plan.finding.review", name=_("confirm, change and reject findings")),
    Permission(id="plan.measure.report", name=_("report on measures")),
    Permission(id="plan.target.bind", name=_("bind targets to indicators and series")),
    Permission(id="plan.series.import", name=_("import series of figures")),
    Permission(id="plan.series.sign_off", name=_("sign off imported figures")),
    Permission(id="plan.report.freeze", name=_("freeze reports")),
)

VIEW = frozenset({"plan.view", "plan.evidence.view"})
REPORT = VIEW | {"plan.measure.report"}
PLAN = REPORT | {
    "plan.document.import",
    "plan.finding.review",
    "plan.target.bind",
    "plan.series.import",
    "plan.report.freeze",
}

GRANTS = (
    RoleGrant(id="plan.town_leader", role="town_leader", permissions=VIEW | {"plan.report.freeze"}),
    RoleGrant(id="plan.plan_officer", role="plan_officer", permissions=PLAN),
    RoleGrant(
        id="plan.finance_officer",
        role="finance_officer",
        permissions=VIEW | {"plan.series.import", "plan.series.sign_off"},
    ),
    RoleGrant(id="plan.unit_head", role="unit_head", permissions=REPORT | {"plan.series.sign_off"}),
    RoleGrant(id="plan.unit_clerk", role="unit_clerk", permissions=REPORT),
    *(
        RoleGrant(id=f"plan.{role}", role=role, permissions=frozenset({"plan.view"}))
        for role in ("dispatcher", "counter_clerk", "neighbourhood_secretary", "social_worker", "grid_worker")
    ),
)

EVENTS = (
    EventKind(id="plan.document.imported", text=_("imported the text “{file_name}” with {findings} findings")),
    EventKind(id="plan.document.changed", text=_("changed the description of the plan “{title}”")),
    EventKind(id="plan.document.published", text=_("published the plan “{title}”")),
    EventKind(id="plan.document.withdrawn", text=_("withdrew the plan “{title}” from the public")),
    EventKind(id="plan.finding.confirmed", text=_("confirmed “{text}”")),
    EventKind(id="plan.finding.edited", text=_("confirmed “{text}” with changes")),
    EventKind(id="plan.finding.rejected", text=_("rejected “{text}”")),
    EventKind(id="plan.finding.undone", text=_("undid the decision on “{text}”")),
    EventKind(id="plan.measure.reported", text=_("reported “{state}” on “{text}”")),
    EventKind(id="plan.target.bound", text=_("bound “{text}” to {source}")),
    EventKind(id="plan.target.linked", text=_("linked the measure “{measure}” to the target “{text}”")),
    EventKind(id="plan.target.unlinked", text=_("removed the link of “{measure}” to the target “{text}”")),
    EventKind(id="plan.targets.measured", text=_("measured {targets} targets")),
    EventKind(id="plan.series.created", text=_("created the series “{name}”")),
    EventKind(id="plan.series.imported", text=_("imported {points} points into “{name}”")),
    EventKind(id="plan.series.signed", text=_("signed off {points} points of “{name}”")),
    EventKind(id="plan.series.refused", text=_("refused the import “{file_name}” of “{name}”")),
    EventKind(id="plan.report.frozen", text=_("froze the report “{title}”")),
)

_FIELDS = ("promise", "due", "plan", "url")
MESSAGES = (
    MessageTemplate(
        id="plan.due_soon",
        name=_("a promise is due soon"),
        subject=_("Due on {due}: {promise}"),
        body=_("“{promise}” of {plan} is due on {due}. Please report where it stands: {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="plan.behind",
        name=_("a promise is behind"),
        subject=_("Behind: {promise}"),
        body=_("“{promise}” of {plan} (due on {due}) is behind. Please say what stands in the way: {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="plan.overdue",
        name=_("a promise is overdue"),
        subject=_("Overdue since {due}: {promise}"),
        body=_("“{promise}” of {plan} was due on {due}. Please report at once where it stands: {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="plan.sign_off_waiting",
        name=_("figures wait for sign-off"),
        subject=_("Figures of {series} wait for sign-off"),
        body=_("{person} has imported figures into {series}. Please check them and sign them off: {url}"),
        fields=("series", "person", "url"),
    ),
)

JOBS = (Job(id="plan.measure", name=_("measure all targets"), run=measure_all, every="30 3 * * *"),)

BUNDLE = Bundle(owner="plan", items=(*PERMISSIONS, *GRANTS, *EVENTS, *PAGES, *SEARCH, *MESSAGES, *JOBS))
