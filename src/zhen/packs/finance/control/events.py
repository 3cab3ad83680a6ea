"""What can happen in internal control, as sentences of the journal, and the message to whoever signs next."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind
from zhen.kernel.notify.api import MessageTemplate

EVENTS = (
    EventKind(id="finance.rule_proposed", text=_("proposed the rule of control {what} from {day}: {source}")),
    EventKind(id="finance.rule_approved", text=_("put the rule of control {what} in force from {day}")),
    EventKind(id="finance.rule_withdrawn", text=_("took back the proposed rule of control {what}")),
    EventKind(id="finance.rule_ended", text=_("ended the rule of control {what}")),
    EventKind(id="finance.step_signed", text=_("gave the signature {step} of {paper} over {amount}")),
    EventKind(id="finance.resolution_entered", text=_("entered the resolution {number} of {meeting} over {amount}")),
    EventKind(id="finance.resolution_reviewed", text=_("had no legal objection to the resolution {number}")),
    EventKind(id="finance.resolution_objected", text=_("objected to the resolution {number} for legal reasons")),
    EventKind(id="finance.resolution_used", text=_("covered {paper} with {amount} of the resolution {number}")),
    EventKind(id="finance.finding", text=_("found “{name}”, see the case {case}")),
    EventKind(id="finance.sample_frozen", text=_("froze a list of {count} payments for “{purpose}”")),
    EventKind(id="finance.sample_drawn", text=_("drew {count} payments for “{purpose}” with the seed {seed}")),
    EventKind(id="finance.audit_noted", text=_("wrote the audit note {case} on {payment}")),
    EventKind(id="finance.trace_printed", text=_("printed the trace of {payment}")),
)

MESSAGES = (
    MessageTemplate(
        id="finance.to_sign",
        name=_("a paper waits for a signature"),
        subject=_("To sign: {kind} {number}, {amount}"),
        body=_("{kind} {number} over {amount} waits for your signature: {title}. {url}"),
        fields=("number", "title", "amount", "kind", "url"),
    ),
)
