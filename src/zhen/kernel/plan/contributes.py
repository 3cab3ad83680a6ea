"""What the kernel module plan declares: permissions, roles, kinds of events."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, Reach, Role
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Bundle

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

ROLES = (
    Role(
        id="plan.planner",
        name=_("planner"),
        reach=Reach.TOWN,
        permissions=frozenset(
            {
                "plan.view",
                "plan.evidence.view",
                "plan.document.import",
                "plan.finding.review",
                "plan.measure.report",
                "plan.target.bind",
                "plan.series.import",
                "plan.report.freeze",
            }
        ),
    ),
    Role(
        id="plan.owner",
        name=_("owner of measures"),
        reach=Reach.UNIT,
        permissions=frozenset({"plan.view", "plan.evidence.view", "plan.measure.report"}),
    ),
    Role(
        id="plan.verifier",
        name=_("verifier of figures"),
        reach=Reach.TOWN,
        permissions=frozenset({"plan.view", "plan.evidence.view", "plan.series.sign_off"}),
    ),
    Role(
        id="plan.leader",
        name=_("reader of the whole plan"),
        reach=Reach.TOWN,
        permissions=frozenset({"plan.view", "plan.evidence.view"}),
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

BUNDLE = Bundle(owner="plan", items=(*PERMISSIONS, *ROLES, *EVENTS))
