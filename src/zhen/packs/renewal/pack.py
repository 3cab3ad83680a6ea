"""What renewal brings."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Actor
from zhen.kernel.journal.api import EventKind
from zhen.kernel.notify.api import MessageTemplate, ReminderSource
from zhen.kernel.packs.api import Pack
from zhen.packs.renewal import queries, screens
from zhen.packs.renewal.actions.rules import lay
from zhen.packs.renewal.case_types import DEFECT, OBJECTION
from zhen.packs.renewal.checklists import CHECKLISTS
from zhen.packs.renewal.demo import build
from zhen.packs.renewal.indicators import INDICATORS
from zhen.packs.renewal.rights import GRANTS, PERMISSIONS
from zhen.packs.renewal.sources import SOURCES

EVENTS = (
    EventKind(id="renewal.entered", text=_("entered the project {name}")),
    EventKind(id="renewal.changed", text=_("changed what is said of the project {name}")),
    EventKind(id="renewal.given_up", text=_("gave up the project {name}: {reason}")),
    EventKind(id="renewal.published", text=_("published the project {name}")),
    EventKind(id="renewal.withdrawn", text=_("withdrew the project {name} from the public")),
    EventKind(id="renewal.picture_released", text=_("released a picture of {on} for the public")),
    EventKind(id="renewal.picture_redacted", text=_("blacked out {boxes} parts of a picture of {on}")),
    EventKind(id="renewal.picture_withdrawn", text=_("withdrew a picture of {on} from the public")),
    EventKind(id="renewal.consultation_opened", text=_("began to ask {asked} households (round {number})")),
    EventKind(id="renewal.consultation_counted", text=_("counted the answers so far: {agreed} of {asked} agree")),
    EventKind(id="renewal.consultation_closed", text=_("closed round {number} of asking: {agreed} of {asked} agree")),
    EventKind(id="renewal.hung_out", text=_("made the result public from {first} to {last}")),
    EventKind(id="renewal.cleared", text=_("cleared the project {name} for works")),
    EventKind(id="renewal.objected", text=_("received the objection {number}")),
    EventKind(id="renewal.reached", text=_("recorded that the milestone {step} was reached on {on}")),
    EventKind(id="renewal.delayed", text=_("put the milestone {step} off to {new}: {reason}")),
    EventKind(id="renewal.quantity_planned", text=_("entered the quantity {item}: {planned}")),
    EventKind(id="renewal.measured", text=_("recorded {lines} quantities measured on {on}")),
    EventKind(id="renewal.paired", text=_("set pictures of {title} before and after side by side")),
    EventKind(id="renewal.accepted", text=_("accepted the works on {on}; the warranty ends on {warranty}")),
    EventKind(id="renewal.doors_entered", text=_("entered {doors} doors")),
    EventKind(id="renewal.fact_entered", text=_("entered “{fact}” of door {door}")),
    EventKind(id="renewal.fact_confirmed", text=_("confirmed “{fact}” of door {door}")),
    EventKind(id="renewal.fact_sent_back", text=_("sent “{fact}” of door {door} back: {reason}")),
    EventKind(id="renewal.rules_laid", text=_("laid down {rows} rules of renewal")),
    EventKind(id="renewal.rule_added", text=_("added the rule {rule}, valid from {on}: {source}")),
)
DUE = MessageTemplate(
    id="renewal.due",
    name=_("something of a renewal project is due"),
    subject=_("Due on {due}: {what}, {project}"),
    body=_("{what} of {project} is due on {due}."),
    fields=("what", "project", "due"),
)


def prepare() -> None:
    lay(Actor.system("zhen prepare"))


PACK = Pack(
    id="renewal",
    name=_("Renewal"),
    permissions=PERMISSIONS,
    role_grants=GRANTS,
    event_kinds=EVENTS,
    case_types=(DEFECT, OBJECTION),
    checklists=CHECKLISTS,
    subject_sources=SOURCES,
    pages=screens.PAGES,
    home_panels=(screens.HOME,),
    indicators=INDICATORS,
    message_templates=(DUE,),
    reminder_sources=(
        ReminderSource(
            id="renewal.due",
            name=_("Milestones and ends of warranties of renewal projects"),
            template=DUE.id,
            due=queries.due_dates,
        ),
    ),
    prepare=prepare,
    demo=build,
)
