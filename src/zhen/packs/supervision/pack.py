"""What supervision brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import CaseSource
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib import clock
from zhen.kernel.notify.api import MessageTemplate
from zhen.kernel.packs.api import Pack
from zhen.kernel.plan.api import Indicator, IndicatorKind
from zhen.packs.supervision import actions, queries, screens
from zhen.packs.supervision.case_type import TASK
from zhen.packs.supervision.rights import GRANTS, PERMISSIONS

EVENTS = (
    EventKind(id="supervision.reported", text=_("reported “{state}” on {number}")),
    EventKind(id="supervision.approved", text=_("approved the report on {number}")),
    EventKind(id="supervision.refused", text=_("refused the report on {number}: {reason}")),
    EventKind(id="supervision.reached", text=_("reached the milestone “{milestone}” of {number}")),
    EventKind(id="supervision.reminded", text=_("reminded of {number}: {words}")),
    EventKind(id="supervision.slip", text=_("issued a {slip} slip on {number}: {about}, due on {due}")),
    EventKind(id="supervision.answered", text=_("answered a {slip} slip on {number}")),
)


def slips_of_the_day() -> None:
    actions.issue_slips(actions.SYSTEM, clock.today())


_FIELDS = ("number", "task", "about", "due", "url")
MESSAGES = (
    MessageTemplate(
        id="supervision.blue",
        name=_("blue slip: due soon"),
        subject=_("Due on {due}: {task}"),
        body=_("{number} “{task}” ({about}) is due on {due}. {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="supervision.yellow",
        name=_("yellow slip: behind the schedule"),
        subject=_("Behind the schedule: {task}"),
        body=_("The milestone “{about}” of {number} “{task}” was due on {due}. Please answer: {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="supervision.red",
        name=_("red slip: overdue"),
        subject=_("Overdue since {due}: {task}"),
        body=_("{number} “{task}” was due on {due} and is not handed in. Please answer at once: {url}"),
        fields=_FIELDS,
    ),
    MessageTemplate(
        id="supervision.reminded",
        name=_("reminder of a task"),
        subject=_("Reminder: {task}"),
        body=_("{about}: {number} “{task}”. {url}"),
        fields=_FIELDS,
    ),
)

PACK = Pack(
    id="supervision",
    name=_("Supervision of the plan"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    message_templates=MESSAGES,
    case_types=(TASK,),
    case_sources=(CaseSource(id="plan", name=_("a promise of the plan")),),
    pages=screens.PAGES,
    home_panels=(screens.HOME,),
    jobs=(
        Job(
            id="supervision.slips",
            name=_("issue the day's slips"),
            run=slips_of_the_day,
            every="10 7 * * *",
        ),
    ),
    indicators=(
        Indicator(
            id="supervision.signed_off_in_time",
            name=_("tasks signed off in time"),
            kind=IndicatorKind.RATE,
            unit="%",
            formula=_("tasks signed off in time ÷ tasks that were due in the period"),
            numerator=queries.signed_off_in_time,
            denominator=queries.due_in,
            row_label=lambda case: case.number,
            row_url=lambda case: f"/desk/supervision/tasks/{case.number}/",
        ),
    ),
)
