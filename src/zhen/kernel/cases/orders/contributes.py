"""What work orders declare."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant
from zhen.kernel.cases.orders.replying import ANSWER
from zhen.kernel.cases.orders.screens import PAGES
from zhen.kernel.cases.orders.taking import TAKE
from zhen.kernel.journal.api import EventKind

ITEMS = (
    Permission(id=TAKE, name=_("take work orders from files")),
    Permission(id=ANSWER, name=_("answer work orders")),
    RoleGrant(id="cases.orders.dispatcher", role="dispatcher", permissions=frozenset({TAKE, ANSWER})),
    RoleGrant(id="cases.orders.unit_head", role="unit_head", permissions=frozenset({ANSWER})),
    RoleGrant(id="cases.orders.unit_clerk", role="unit_clerk", permissions=frozenset({ANSWER})),
    EventKind(id="cases.orders_brought", text=_("brought {file}: {readable} orders, {refused} rows refused")),
    EventKind(
        id="cases.orders_taken", text=_("took {file}: {created} new cases, {updated} updated, {refused} rows refused")
    ),
    EventKind(id="cases.orders_left", text=_("left {file} aside")),
    EventKind(id="cases.reply_written", text=_("wrote the answer to the order of {number}")),
    *PAGES,
)
