"""What can happen to an asset, as sentences of the journal."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.journal.api import EventKind

EVENTS = (
    EventKind(id="finance.asset_recorded", text=_("recorded the asset {asset} {name} with {amount}")),
    EventKind(id="finance.asset_finished", text=_("entered that {name} ({asset}) is finished and in use")),
    EventKind(id="finance.asset_photographed", text=_("added photos to {asset} {name}")),
    EventKind(id="finance.asset_handed_over", text=_("handed {asset} {name} over to {unit}")),
    EventKind(id="finance.asset_taken_over", text=_("took over {asset} {name} for {unit}")),
    EventKind(id="finance.asset_not_taken_over", text=_("did not take over {asset} {name} for {unit}")),
    EventKind(id="finance.depreciated", text=_("booked the depreciation of {month}: {amount} on {count} cards")),
    EventKind(id="finance.disposal_asked", text=_("asked for the disposal {disposal} of {asset} {name}: {reason}")),
    EventKind(id="finance.disposal_approved", text=_("approved the disposal {disposal} of {asset} {name}")),
    EventKind(id="finance.disposal_refused", text=_("refused the disposal {disposal} of {asset} {name}")),
    EventKind(
        id="finance.disposal_recorded", text=_("took {asset} {name} off the books with {amount} left ({disposal})")
    ),
    EventKind(id="finance.sale_remitted", text=_("paid {amount} of the sale of {asset} {name} to the treasury")),
    EventKind(id="finance.lease_asked", text=_("asked to let {asset} {name}: {lease}, {amount} a month")),
    EventKind(id="finance.lease_approved", text=_("approved the lease {lease} of {asset} {name}")),
    EventKind(id="finance.lease_refused", text=_("refused the lease {lease} of {asset} {name}")),
    EventKind(id="finance.rent_received", text=_("entered the rent of {month} for {asset} {name}: {amount}")),
    EventKind(
        id="finance.rent_remitted", text=_("paid the rent of {month} for {asset} {name} to the treasury: {amount}")
    ),
)
