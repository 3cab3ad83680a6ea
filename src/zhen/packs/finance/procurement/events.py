"""What happens in procurement, as sentences of the journal."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind

_TEXTS = {
    "need_asked": _("asked for {title}, {amount}"),
    "need_approved": _("approved {title}, {amount}"),
    "need_refused": _("refused {title}: {reason}"),
    "papers_added": _("added {count} documents"),
    "key_held": _("named {holder} as the holder of a key"),
    "key_made": _("made a key for the bids"),
    "key_turned": _("turned a key"),
    "member_named": _("named {member} as a member of the committee"),
    "member_declared": _("declared no relation to a bidder"),
    "member_recused": _("declared a relation to a bidder and stepped back"),
    "criterion_added": _("added the criterion {criterion} with {weight} points"),
    "supplier_invited": _("let {supplier} take part"),
    "procurement_published": _("published {title}"),
    "bid_received": _("received a sealed bid with the digest {short}"),
    "bids_opened": _("opened {bids} bids by two keys"),
    "bid_scored": _("gave points to the bid of {supplier}"),
    "bid_disqualified": _("held the bid of {supplier} to be not valid: {reason}"),
    "bids_ranked": _("computed the result of {bids} bids"),
    "procurement_awarded": _("awarded {title} to {supplier} for {amount}"),
    "procurement_failed": _("ended {title} without an award: {reason}"),
    "objection_received": _("received the objection {case} of {supplier}"),
    "award_withdrawn": _("took the award back by the objection {case}"),
    "contract_drafted": _("drafted the contract {contract} for {amount}"),
    "contract_reviewed": _("reviewed the contract {contract} for the law"),
    "contract_signed": _("signed the contract {contract} for {amount}"),
    "delivery_accepted": _("accepted what was delivered by {contract}"),
    "instalment_asked": _("asked for the payment of {amount} by {contract}"),
    "change_of_contract_asked": _("asked for {amount} more in {contract}"),
    "change_of_contract_approved": _("approved {amount} more in {contract}"),
    "change_of_contract_refused": _("refused {amount} more in {contract}"),
    "supplier_added": _("put {supplier} on the supplier file"),
    "supplier_moved": _("changed the registered address of {supplier} to {address}"),
    "supplier_qualified": _("entered the paper {paper} of {supplier}"),
    "supplier_excluded": _("excluded {supplier}: {reason}"),
    "figure_entered": _("entered the figure {figure}: {source}"),
    "figure_confirmed": _("confirmed the figure {figure}: {source}"),
}
EVENTS = tuple(EventKind(id=f"finance.{kind}", text=text) for kind, text in _TEXTS.items())
