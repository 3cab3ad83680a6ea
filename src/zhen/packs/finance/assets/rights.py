"""What somebody may do with assets, and who gets it. Keeping, recording and approving are three people's."""

from django.utils.translation import gettext_lazy as _

from zhen.kernel.access.api import Permission, RoleGrant

VIEW = "finance.asset.view"
RECORD = "finance.asset.record"
MOVE = "finance.asset.move"
ASK = "finance.asset.ask"
DECIDE = "finance.asset.decide"
WEAR = "finance.asset.depreciate"
COLLECT = "finance.asset.collect"
CHECK = "finance.asset.check"

PERMISSIONS = (
    Permission(id=VIEW, name=_("read the cards of assets")),
    Permission(id=RECORD, name=_("record assets and what becomes of them")),
    Permission(id=MOVE, name=_("hand over and take over assets")),
    Permission(id=ASK, name=_("ask for the disposal or the lease of assets")),
    Permission(id=DECIDE, name=_("decide on the disposal and the lease of assets")),
    Permission(id=WEAR, name=_("book depreciation")),
    Permission(id=COLLECT, name=_("enter rents, and what is paid to the treasury")),
    Permission(id=CHECK, name=_("work on what stock-taking has found")),
)

_OF_ROLES = {
    "finance.accountant": frozenset({VIEW, RECORD, WEAR}),
    "finance.cashier": frozenset({VIEW, COLLECT}),
    "finance_officer": frozenset({VIEW, DECIDE, CHECK}),
    "town_leader": frozenset({VIEW, DECIDE}),
    "unit_head": frozenset({VIEW, MOVE, ASK, CHECK}),
    "unit_clerk": frozenset({VIEW, MOVE, ASK, CHECK}),
}
GRANTS = tuple(
    RoleGrant(id=f"finance.assets.{role}", role=role, permissions=permissions)
    for role, permissions in _OF_ROLES.items()
)
