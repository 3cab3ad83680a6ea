"""What the kernel module rounds declares."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.cases.api import CaseSource
from zhen.kernel.jobs.api import Job
from zhen.kernel.journal.api import EventKind
from zhen.kernel.lib.registry import Bundle
from zhen.kernel.rounds.actions.campaigns import PLAN_JOB
from zhen.kernel.rounds.actions.counting import COUNT_JOB, count_one
from zhen.kernel.rounds.actions.planning import plan_all, plan_one
from zhen.kernel.rounds.actions.tallying import fold_all
from zhen.kernel.rounds.rights import GRANTS, PERMISSIONS
from zhen.kernel.rounds.screens import PAGES, PANELS

EVENTS = (
    EventKind(id="rounds.checklist_begun", text=_("began version {number} of the checklist “{name}”")),
    EventKind(id="rounds.checklist_changed", text=_("changed the draft of the checklist “{name}”")),
    EventKind(id="rounds.checklist_published", text=_("brought version {number} of “{name}” into use")),
    EventKind(id="rounds.campaign_made", text=_("planned the campaign “{title}”")),
    EventKind(id="rounds.campaign_changed", text=_("changed the campaign “{title}”")),
    EventKind(id="rounds.campaign_started", text=_("started the campaign “{title}”")),
    EventKind(id="rounds.campaign_ended", text=_("ended the campaign “{title}” early: {reason}")),
    EventKind(
        id="rounds.round_planned",
        text=_("planned round {number} of “{title}”: {subjects} subjects, {visits} visits"),
    ),
    EventKind(
        id="rounds.counted",
        text=_("counted the answers of “{title}” and erased them: {visits} visits, {counts} counts"),
    ),
    EventKind(id="rounds.lists_frozen", text=_("froze the lists of the draw for “{title}”, digest {digest}")),
    EventKind(id="rounds.drawn", text=_("drew for “{title}” with the seed {seed}: {visits} visits")),
    EventKind(id="rounds.draw_published", text=_("published the draw for “{title}”")),
    EventKind(id="rounds.recused", text=_("recorded whom an inspector of “{title}” may not visit")),
    EventKind(id="rounds.visited", text=_("recorded a visit to {subject}: {findings} findings")),
    EventKind(id="rounds.visit_cosigned", text=_("signed the record of the visit to {subject} as well")),
    EventKind(id="rounds.visit_conflict", text=_("recorded a visit to {subject} that was recorded already")),
    EventKind(id="rounds.conflict_settled", text=_("looked at both records of a visit to {subject}")),
    EventKind(id="rounds.visits_given", text=_("gave {visits} visits to a colleague")),
    EventKind(id="rounds.visit_called_off", text=_("called off a visit to {subject}: {reason}")),
)

JOBS = (
    Job(id=PLAN_JOB, name=_("Plan the round of a campaign"), run=plan_one),
    Job(id=COUNT_JOB, name=_("Count the answers of a campaign, and erase them"), run=count_one),
    Job(id="rounds.night", name=_("Plan rounds and order the next days"), run=plan_all, every="15 1 * * *"),
    Job(id="rounds.fold", name=_("Fold the tallies of rounds"), run=fold_all, every="45 * * * *"),
)

SOURCE = CaseSource(id="round", name=_("a visit of a round"))

BUNDLE = Bundle(owner="rounds", items=(SOURCE, *PERMISSIONS, *GRANTS, *EVENTS, *JOBS, *PAGES, *PANELS))
