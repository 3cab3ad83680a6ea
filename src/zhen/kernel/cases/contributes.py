"""What the case engine declares itself: the right to rule, and what can happen to a case."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant
from zhen.kernel.cases import leaving, sweeping
from zhen.kernel.cases.actions import extending
from zhen.kernel.cases.attachments import PAGES as ATTACHMENT_PAGES
from zhen.kernel.cases.calendar import contributes as calendar
from zhen.kernel.cases.classify.screens import PAGES as CLASSIFY_PAGES
from zhen.kernel.cases.classify.training import train_all
from zhen.kernel.cases.declarations import CaseSource
from zhen.kernel.cases.duplicates import contributes as duplicates
from zhen.kernel.cases.figures import checking
from zhen.kernel.cases.figures.booking import CONSUMER
from zhen.kernel.cases.figures.screens import PAGES as FIGURE_PAGES
from zhen.kernel.cases.figures.screens import PANEL as FIGURE_PANEL
from zhen.kernel.cases.limits import contributes as limits
from zhen.kernel.cases.orders import contributes as orders
from zhen.kernel.cases.routing.screens import PAGES as ROUTE_PAGES
from zhen.kernel.cases.search import contributes as search
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Bundle

PERMISSIONS = (
    Permission(id="cases.rules.view", name=_("read classes, time limits and routes")),
    Permission(id="cases.rules.change", name=_("change classes, time limits and routes")),
    Permission(id="cases.figures.view", name=_("read the figures of cases")),
)

GRANTS = (
    *(
        RoleGrant(id=f"cases.{role}", role=role, permissions=frozenset({"cases.rules.view"}))
        for role in ("town_leader", "plan_officer", "unit_head", "unit_clerk")
    ),
    RoleGrant(
        id="cases.dispatcher",
        role="dispatcher",
        permissions=frozenset({"cases.rules.view", "cases.rules.change"}),
    ),
    *(
        RoleGrant(id=f"cases.figures.{role}", role=role, permissions=frozenset({"cases.figures.view"}))
        for role in ("town_leader", "plan_officer", "dispatcher", "unit_head", "neighbourhood_secretary")
    ),
)

EVENTS = (
    EventKind(id="cases.received", text=_("received {number}")),
    EventKind(id="cases.moved", text=_("took the step “{step}” on {number}")),
    EventKind(id="cases.assigned", text=_("assigned {number}")),
    EventKind(id="cases.edited", text=_("edited {number}")),
    EventKind(id="cases.commented", text=_("commented on {number}")),
    EventKind(id="cases.attached", text=_("attached {count} files to {number}")),
    EventKind(id="cases.attachment_redacted", text=_("blacked out parts of an image of {number}")),
    EventKind(id="cases.attachment_removed", text=_("removed a file of {number}: {reason}")),
    EventKind(id="cases.suggestion_taken", text=_("took the suggested class of {number}")),
    EventKind(id="cases.suggestion_refused", text=_("refused the suggested class of {number}")),
    EventKind(id="cases.linked", text=_("linked {number}")),
    EventKind(id="cases.divided", text=_("opened {part} as a part of {number}")),
    EventKind(id="cases.paused", text=_("held the clocks of {number} still: {reason}")),
    EventKind(id="cases.resumed", text=_("let the clocks of {number} go on")),
    EventKind(id="cases.breached", text=_("the deadline “{deadline}” of {number} ran out")),
    EventKind(id="cases.restarted", text=_("started the deadline “{deadline}” of {number} again: {reason}")),
    EventKind(id="cases.extension_asked", text=_("asked for {amount} more on “{deadline}” of {number}: {reason}")),
    EventKind(id="cases.extension_refused", text=_("refused more time on “{deadline}” of {number}: {reason}")),
    EventKind(id="cases.extended", text=_("extended the deadline “{deadline}” of {number}: {reason}")),
    EventKind(id="cases.keyword_added", text=_("made the word “{word}” speak for “{category}” ({weight})")),
    EventKind(id="cases.keyword_ended", text=_("ended the rule that “{word}” speaks for “{category}”")),
    EventKind(id="cases.route_set", text=_("sent “{category}” to {unit} from a day on")),
    EventKind(id="cases.route_ended", text=_("ended the route of “{category}” to {unit}")),
    EventKind(id="cases.training_asked", text=_("asked for new models for classes")),
    EventKind(id="cases.model_trained", text=_("trained version {version} of the model for {scheme} (macro-F1 {f1})")),
    EventKind(
        id="cases.model_refused",
        text=_("refused version {version} of the model for {scheme}: the one in use does better (macro-F1 {f1})"),
    ),
    EventKind(id="cases.model_used", text=_("took version {version} of the model for {scheme} into use")),
)

JOBS = (Job(id="cases.train", name=_("Learn classes from closed cases"), run=train_all, every="20 3 * * 0"),)

SOURCES = (
    CaseSource(id="staff", name=_("a colleague")),
    CaseSource(id="portal", name=_("the portal")),
    CaseSource(id="hotline", name=_("the 12345 hotline"), also=("12345",), numbered=True),
    CaseSource(id="open311", name=_("Open311")),
    CaseSource(id="counter", name=_("the counter")),
    CaseSource(id="telephone", name=_("a telephone call")),
    CaseSource(id="letter", name=_("a letter")),
    CaseSource(id="wechat", name=_("WeChat")),
    CaseSource(id="field", name=_("the field app")),
    CaseSource(id="grid", name=_("a grid worker")),
    CaseSource(id="import", name=_("an import"), numbered=True),
    CaseSource(id="reporter", name=_("the reporter")),
)

BUNDLE = Bundle(
    owner="cases",
    items=(
        *SOURCES,
        *PERMISSIONS,
        *GRANTS,
        *EVENTS,
        *JOBS,
        *CLASSIFY_PAGES,
        *ROUTE_PAGES,
        *orders.ITEMS,
        CONSUMER,
        *checking.ITEMS,
        *FIGURE_PAGES,
        FIGURE_PANEL,
        *ATTACHMENT_PAGES,
        *search.ITEMS,
        *duplicates.ITEMS,
        *sweeping.ITEMS,
        *leaving.ITEMS,
        *extending.MESSAGES,
        *calendar.ITEMS,
        *limits.ITEMS,
    ),
)
